import * as v from 'valibot';
import type { Contract, ValueOf } from '../contracts/contract.ts';
import { InvalidRecordError } from '../errors.ts';
import type { Invocation, RecordFailure, RecordsHandler } from './failures.ts';
import { RecordsFailedError } from './failures.ts';
import type { KafkaRecord } from './records.ts';

/** A record whose value keeps its contract. `topic` tells which one, where a function reads several. */
export type Message<C extends Contract = Contract> = C extends Contract
  ? { readonly contract: C; readonly value: ValueOf<C>; readonly record: KafkaRecord }
  : never;

/**
 * Turns a handler of typed messages into a handler of records: each value is read by the contract of its topic; those that
 * break it are set aside as failures and the rest goes to `handle`, which may name failures of its own by `RecordsFailedError`.
 *
 * @example
 * consume([orderCreated], async (messages) => reserve(messages.map((message) => message.value)))
 */
export function consume<const Contracts extends readonly Contract[]>(
  contracts: Contracts,
  handle: (messages: Message<Contracts[number]>[], invocation: Invocation) => Promise<void>,
): RecordsHandler {
  const read = messageReader(contracts);
  return async (records, invocation) => {
    const failures: RecordFailure[] = [];
    const messages: Message<Contracts[number]>[] = [];
    for (const record of records) {
      try {
        messages.push(read(record));
      } catch (error) {
        failures.push({ record, error });
      }
    }
    if (messages.length > 0) failures.push(...(await failuresNamedBy(() => handle(messages, invocation))));
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

function messageReader<Contracts extends readonly Contract[]>(contracts: Contracts) {
  const byTopic = new Map<string, Contract>(contracts.map((contract) => [contract.topic, contract]));
  return (record: KafkaRecord): Message<Contracts[number]> => {
    const contract = byTopic.get(record.topic);
    if (!contract) throw new InvalidRecordError(`This function reads no topic ${record.topic}.`);
    return { contract, value: readValue(contract, record), record } as Message<Contracts[number]>;
  };
}

function readValue(contract: Contract, record: KafkaRecord): unknown {
  const parsed = v.safeParse(contract.schema, parseJson(record), { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  // The path and the rule only: the value itself may be anything, and messages end up in logs.
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
