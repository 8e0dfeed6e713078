import pLimit from 'p-limit';
import {
  NotificationAddressGoneError,
  NotificationDeferredError,
  NotificationTimeoutError,
  NotificationUnreachableError,
} from './errors.ts';
import { hostOf } from './host.ts';
import type { Channels, Outgoing } from './channels/channel.ts';
import { type Attempted, type Result, send } from './send.ts';

/** Limits that keep one customer's address from delaying anyone else. */
export interface AddressLimits {
  /** Maximum concurrent sends. */
  readonly atOnce: number;
  /** Maximum concurrent sends to one host. */
  readonly atOncePerHost: number;
  /** How long one send may take, in ms. */
  readonly timeoutMs: number;
  /** When all sends must be finished, in ms since 1970; none is started that could take longer. */
  readonly deadline: number;
  /** Hosts that nothing is sent to. */
  readonly silentHosts: ReadonlySet<string>;
}

/**
 * How a host behaved: whether it answered at all, and how many consecutive sends after that got no answer.
 */
export interface HostConduct {
  readonly host: string;
  readonly answered: boolean;
  readonly unanswered: number;
}

/** The results of messages to customers' own addresses, and how their hosts behaved. */
export interface AddressRound<Delivery extends Outgoing> {
  readonly attempted: readonly Attempted<Delivery>[];
  readonly hosts: readonly HostConduct[];
}

/**
 * Sends messages to customers' own addresses, concurrently but with a budget for each host: the first message
 * goes alone, the others follow a few at a time once the host has answered, and none follows one that got no
 * answer. Never rejects.
 */
export async function sendToAddresses<Delivery extends Outgoing>(
  deliveries: readonly Delivery[],
  channels: Channels,
  limits: AddressLimits,
): Promise<AddressRound<Delivery>> {
  const slot = pLimit(limits.atOnce);
  const lanes = await Promise.all(
    [...Map.groupBy(deliveries, hostOf)].map(([host, queue]) => {
      const lane = createLane(host, limits);
      const attempt = (delivery: Delivery) =>
        slot(
          async () =>
            lane.skip(delivery) ?? lane.note(delivery, await send(delivery, channels, limits.timeoutMs)),
        );
      return drain(queue, attempt, limits.atOncePerHost).then((attempted) => ({
        attempted,
        conduct: lane.conduct(),
      }));
    }),
  );
  return {
    attempted: lanes.flatMap(({ attempted }) => attempted),
    hosts: lanes
      .map(({ conduct }) => conduct)
      .filter(({ answered, unanswered }) => answered || unanswered > 0),
  };
}

/** Attempts the first delivery alone, then the others, `atOnce` at a time. */
async function drain<Delivery extends Outgoing>(
  deliveries: readonly Delivery[],
  attempt: (delivery: Delivery) => Promise<Result>,
  atOnce: number,
): Promise<Attempted<Delivery>[]> {
  const attempted: Attempted<Delivery>[] = [];
  const queue = deliveries.values();
  const next = async (): Promise<boolean> => {
    const { value: delivery, done } = queue.next();
    if (done) return false;
    attempted.push({ delivery, ...(await attempt(delivery)) });
    return true;
  };
  await next();
  const worker = async (): Promise<void> => {
    while (await next());
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return attempted;
}

/** Tracks how a host behaves within one round, and so decides what is still sent there. */
function createLane(host: string, { timeoutMs, deadline, silentHosts }: AddressLimits) {
  const gone = new Map<string, Error>();
  let answered = false;
  let unanswered = 0;
  return {
    /**
     * Why a send is skipped, if it is: its address is gone, its host is silent, or the deadline is too near.
     */
    skip({ address }: Outgoing): Result | undefined {
      const error = gone.get(address);
      if (error) return { status: 'FAILED', attempts: 0, error };
      if (unanswered > 0 || silentHosts.has(host))
        return postponed('The host does not answer and is left alone for a while.');
      if (Date.now() + timeoutMs > deadline) return postponed('There was no time left to send it.');
      return undefined;
    },
    note({ address }: Outgoing, result: Result): Result {
      const error = 'error' in result ? result.error : undefined;
      if (error instanceof NotificationAddressGoneError) gone.set(address, error);
      const isSilent =
        error instanceof NotificationTimeoutError || error instanceof NotificationUnreachableError;
      answered ||= !isSilent;
      unanswered = isSilent ? unanswered + 1 : 0;
      return result;
    },
    conduct: (): HostConduct => ({ host, answered, unanswered }),
  };
}

function postponed(reason: string): Result {
  return { status: 'PENDING', attempts: 0, error: new NotificationDeferredError(reason) };
}
