import * as v from 'valibot';
import type { Contract, ValueOf } from '../contracts/contract.ts';
import { InvalidRecordError } from '../errors.ts';
import type { Invocation, RecordFailure, RecordsHandler } from './failures.ts';
import { RecordsFailedError } from './failures.ts';
import type { KafkaRecord } from './records.ts';

/** A record whose value conforms to its contract; `contract` says which one, if a function reads several. */
export type ReceivedEvent<C extends Contract = Contract> = C extends Contract
  ? { readonly contract: C; readonly value: ValueOf<C>; readonly record: KafkaRecord }
  : never;

/**
 * Turns a handler of typed events into a handler of records: each value is parsed by its topic's contract.
 * Values that violate it become failures; the rest goes to `handle`, which may name failures of its own with
 * `RecordsFailedError`.
 *
 * @example
 * consume([orderCreated], async (events) => reserve(events.map((event) => event.value)))
 */
export function consume<const Contracts extends readonly Contract[]>(
  contracts: Contracts,
  handle: (events: ReceivedEvent<Contracts[number]>[], invocation: Invocation) => Promise<void>,
): RecordsHandler {
  const read = eventReader(contracts);
  return async (records, invocation) => {
    const failures: RecordFailure[] = [];
    const events: ReceivedEvent<Contracts[number]>[] = [];
    for (const record of records) {
      try {
        events.push(read(record));
      } catch (error) {
        failures.push({ record, error });
      }
    }
    if (events.length > 0) failures.push(...(await failuresNamedBy(() => handle(events, invocation))));
    if (failures.length > 0) throw new RecordsFailedError(failures);
  };
}

async function failuresNamedBy(work: () => Promise<void>): Promise<readonly RecordFailure[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof RecordsFailedError) return error.failures;
    throw error;
  }
}

function eventReader<Contracts extends readonly Contract[]>(contracts: Contracts) {
  const byTopic = new Map<string, Contract>(contracts.map((contract) => [contract.topic, contract]));
  return (record: KafkaRecord): ReceivedEvent<Contracts[number]> => {
    const contract = byTopic.get(record.topic);
    if (!contract) throw new InvalidRecordError(`This function reads no topic ${record.topic}.`);
    return { contract, value: readValue(contract, record), record } as ReceivedEvent<Contracts[number]>;
  };
}

function readValue(contract: Contract, record: KafkaRecord): unknown {
  const parsed = v.safeParse(contract.schema, parseJson(record), { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  // Only the path and the rule: the value itself may be anything, and messages end up in logs.
  throw new InvalidRecordError(
    `${contract.topic}: field ${v.getDotPath(issue) ?? '(value)'} breaks the schema (${issue.type}).`,
  );
}

function parseJson(record: KafkaRecord): unknown {
  if (record.value === null)
    throw new InvalidRecordError(`${record.topic}: the value is null; JSON is expected.`);
  try {
    return JSON.parse(record.value.toString('utf8'));
  } catch {
    // Without the cause: V8's SyntaxError quotes the payload.
    throw new InvalidRecordError(`${record.topic}: the value is not JSON.`);
  }
}
