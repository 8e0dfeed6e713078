import { type Channel, messageIdOf } from '../../functions/notification/channels/channel.ts';
import { BrokerUnavailableError, DatabaseUnavailableError } from '../../lib/errors.ts';
import { NotificationProviderUnavailableError } from '../../functions/notification/errors.ts';
import type { ReportingPublisher } from '../../lib/kafka/publisher.ts';
import type { OutgoingRecord } from '../../lib/kafka/records.ts';
import type { Database } from '../../lib/postgres/database.ts';
import type { ReceivedMail } from '../support/snapshot.ts';
import type { Log } from './log.ts';

/** Where an invocation aborts. */
export const faults = [
  'none',
  'before the commit',
  'after the commit',
  'before the publish',
  'amid the publish',
  'after the publish',
  'before the send',
  'after the send',
  'before the offset moves',
] as const;
export type Fault = (typeof faults)[number];

/** The fault of the invocation that a worker is running. */
export interface Mishap {
  fault: Fault;
}

/** A database whose transactions and statements fail before they are committed, or right after. */
export function faultyDatabase(database: Database, mishap: Mishap): Database {
  const broken = () => new DatabaseUnavailableError(`The connection broke ${mishap.fault}.`);
  const afterwards = <T>(result: T): T => {
    if (mishap.fault === 'after the commit') throw broken();
    return result;
  };
  return {
    async query<Row>(text: string, values?: readonly unknown[]) {
      if (mishap.fault === 'before the commit') throw broken();
      return afterwards(await database.query<Row>(text, values));
    },
    async transaction(work) {
      const result = await database.transaction(async (transaction) => {
        const done = await work(transaction);
        if (mishap.fault === 'before the commit') throw broken();
        return done;
      });
      return afterwards(result);
    },
  };
}

/**
 * A publisher to the log that fails before, during or after a send: an acknowledgement may be lost although
 * everything was written.
 */
export function faultyPublisher(log: () => Log, mishap: Mishap): ReportingPublisher {
  const write = (records: readonly OutgoingRecord[]): BrokerUnavailableError | undefined => {
    for (const record of records.slice(0, writtenOf(records.length, mishap.fault))) log().append(record);
    const isBroken = mishap.fault.endsWith('the publish');
    return isBroken ? new BrokerUnavailableError(`The connection broke ${mishap.fault}.`) : undefined;
  };
  return {
    publish(records) {
      const outage = write(records);
      return outage ? Promise.reject(outage) : Promise.resolve();
    },
    publishEach(records) {
      const outage = write(records);
      return Promise.resolve({
        acknowledged: outage ? [] : records,
        refused: [],
        ...(outage && { outage }),
      });
    },
  };
}

/** A channel to the customers that fails before or after it accepts a message. */
export function faultyChannel(mails: ReceivedMail[], mishap: Mishap): Channel {
  return {
    send(outgoing) {
      if (mishap.fault !== 'before the send')
        mails.push({ name: messageIdOf(outgoing), receivedAt: new Date() });
      return mishap.fault.endsWith('the send')
        ? Promise.reject(new NotificationProviderUnavailableError(`The connection broke ${mishap.fault}.`))
        : Promise.resolve(undefined);
    },
  };
}

function writtenOf(count: number, fault: Fault): number {
  if (fault === 'before the publish') return 0;
  return fault === 'amid the publish' ? Math.ceil(count / 2) : count;
}
