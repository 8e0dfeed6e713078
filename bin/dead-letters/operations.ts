import { type Command, Option } from 'commander';
import type { OperationAnswer, OperationsAnswer } from './answers.ts';
import type { CommandContext } from './context.ts';
import { CommandError, exitCodes } from './errors.ts';
import { printable } from './printable.ts';
import { resume } from './redrive.ts';
import { wholeNumber } from './selection.ts';
import { table } from './table.ts';

type ContextOf = (command: Command) => CommandContext;

interface ListOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly action?: string;
  readonly source?: string;
  readonly state?: string;
  readonly by?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Adds the commands that look at operations, and that pause, resume and stop a redrive. */
export function addOperations(program: Command, contextOf: ContextOf): void {
  program
    .command('operations')
    .description('lists who did what, or shows one operation')
    .argument('[id]', 'one operation')
    .addOption(
      new Option('--action <action>', 'what was done').choices(['REDRIVE', 'PARK', 'DISCARD', 'UNDO']),
    )
    .addOption(new Option('--source <source>', 'by what means').choices(['console', 'cli', 'api']))
    .addOption(
      new Option('--state <state>', 'how it stands').choices(['RUNNING', 'PAUSED', 'STOPPED', 'DONE']),
    )
    .option('--by <name>', 'who did it')
    .option('--from <time>', 'begun at this time or later')
    .option('--to <time>', 'begun before this time')
    .option('--limit <number>', 'how many to list, 500 at most', wholeNumber, 20)
    .option('--cursor <cursor>', 'continue after the page that gave this cursor')
    .action(async (id: string | undefined, options: ListOptions, command: Command) => {
      const context = contextOf(command);
      if (id === undefined) await list(context, options);
      else await show(context, id);
    });
  addSteering(program, contextOf, 'pause', 'PAUSED', 'lets a redrive wait');
  addSteering(program, contextOf, 'stop', 'STOPPED', 'ends a redrive; what was not sent stays as it is');
  program
    .command('resume')
    .description('continues a redrive, whoever started it')
    .argument('<operation>', 'its id')
    .action(async (id: string, _options, command: Command) => {
      const context = contextOf(command);
      await change(context, id, 'RUNNING');
      await resume(context, await find(context, id));
    });
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const { limit, cursor, action, source, state, by: operator, from, to } = options;
  const filter = { action, source, state, operator, from, to };
  const answer = await context.invoke<OperationsAnswer>('listOperations', { ...filter, limit, cursor });
  const more = answer.nextCursor === undefined ? '' : `\n\nMore with --cursor ${answer.nextCursor}`;
  const none = 'There are no such operations.';
  context.result(answer, answer.operations.length === 0 ? none : operationsTable(answer) + more);
  await context.tellPage('operations', { action, source, state, operator });
}

function operationsTable({ operations }: OperationsAnswer): string {
  return table(
    ['STARTED AT', 'ACTION', 'STATE', 'CHANGED', 'REFUSED', 'WHO', 'FROM', 'ID', 'REQUEST'],
    operations.map((one) => [
      one.startedAt,
      one.action,
      one.undoneBy === null ? one.state : 'UNDONE',
      one.affected,
      one.refused,
      one.operator,
      one.source,
      one.operationId,
      JSON.stringify(one.request),
    ]),
  );
}

async function show(context: CommandContext, id: string): Promise<void> {
  const { refusedLetters, request, ...facts } = await find(context, id);
  const lines = Object.entries({ ...facts, request: JSON.stringify(request) })
    .filter(([, fact]) => fact !== null)
    .map(([name, fact]) => `${name.padEnd(12)} ${printable(String(fact))}`);
  const refusals = refusedLetters.map((letter) => `  ${letter.id}  ${printable(letter.reason)}`);
  const text = [...lines, ...(refusals.length > 0 ? ['could not be sent', ...refusals] : [])].join('\n');
  context.result({ refusedLetters, request, ...facts }, text);
  await context.tellPage(`operations/${id}`);
}

async function find({ invoke }: CommandContext, id: string): Promise<OperationAnswer & {}> {
  const found = await invoke<OperationAnswer>('getOperation', { id });
  if (found === null) throw new CommandError(`There is no operation ${id}.`, exitCodes.notFound);
  return found;
}

function addSteering(
  program: Command,
  contextOf: ContextOf,
  name: string,
  state: string,
  description: string,
): void {
  program
    .command(name)
    .description(description)
    .argument('<operation>', 'its id')
    .action(async (id: string, _options, command: Command) => {
      const context = contextOf(command);
      const answer = await change(context, id, state);
      context.result(answer, `It is ${answer.state}.`);
    });
}

async function change({ invoke, operator }: CommandContext, id: string, state: string) {
  const answer = await invoke<{ readonly state: string } | null>('changeOperation', { id, state, operator });
  if (answer === null) throw new CommandError(`There is no operation ${id}.`, exitCodes.notFound);
  return answer;
}
