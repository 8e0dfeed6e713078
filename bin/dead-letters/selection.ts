import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandError, exitCodes } from './errors.ts';

/** The conditions as a person gives them. */
export interface SelectionOptions {
  readonly topic?: string;
  readonly group?: string;
  readonly exception?: string;
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
  readonly status?: string;
}

/** Adds the conditions that select dead letters; all given conditions must hold. */
export function withSelection(command: Command, statuses: readonly string[], status?: string): Command {
  return command
    .option('--topic <name>', 'the original topic, or the dead-letter topic')
    .option('--group <name>', 'the consumer group that failed')
    .option('--exception <class>', 'the class of the exception or of its cause')
    .option('--key <text>', "the record's key")
    .option('--from <time>', 'failed at this time or later, such as 2026-11-22T10:00:00Z')
    .option('--to <time>', 'failed before this time')
    .addOption(
      new Option('--status <status>', `their status (default: ${status ?? 'any'})`).choices(statuses),
    );
}

/** The part of a request that says which dead letters are meant. */
export function selectionOf(
  { group, topic, exception, key, from, to, status }: SelectionOptions,
  ids: readonly number[] = [],
) {
  const conditions = { topic, consumerGroup: group, exception, key, from, to, status };
  const given = Object.entries(conditions).filter(([, condition]) => condition !== undefined);
  return { ...Object.fromEntries(given), ...(ids.length > 0 && { ids }) };
}

/** @throws CommandError when no condition is named, and neither all nor a preview are meant */
export function requireChoice(selection: object, isNamed: boolean): void {
  if (isNamed || Object.keys(selection).some((name) => name !== 'status')) return;
  throw new CommandError('Name dead letters by id or by a condition, or say --all.', exitCodes.usage);
}

/** A whole number from 1, from the command line. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

/** Collects ids. */
export function wholeNumbers(text: string, before: readonly number[] = []): number[] {
  return [...before, wholeNumber(text)];
}
