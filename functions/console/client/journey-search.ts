import type { KnownOffTopics } from './journey.ts';

/** Where an order's record may be: on a topic, from some moment on. */
export interface RecordSearch {
  readonly topic: string;
  /** ISO 8601. */
  readonly from: string;
  /** How many records may be found. */
  readonly limit: number;
}

/** The clocks of containers and of the database may differ by this much, in ms. */
const clockSkewMs = 1_000;

/**
 * The topics on which an order has left records, and since when. The time of each step keeps a search short:
 * behind a backlog, a decision comes thousands of records after its order.
 */
export function searchesOf(travelled: KnownOffTopics): readonly RecordSearch[] {
  const { order, reservation, deadLetters } = travelled;
  const { createdAt, updatedAt, status } = order;
  const limit = 1 + deadLetters.length; // a redriven record occurs once more
  const search = (topic: string, moment: string) => ({ topic, from: earlier(moment), limit });
  const decidedAt = reservation?.decidedAt ?? createdAt;
  const cancelled = [
    search('order.cancelled', updatedAt),
    search('inventory.released', reservation?.releasedAt ?? updatedAt),
  ];
  return [
    search('order.created', createdAt),
    ...decisionTopicsOf(travelled).map((topic) => search(topic, decidedAt)),
    ...(status === 'CANCELLED' ? cancelled : []),
  ];
}

/** A settled order's decision is searched for once its time is known; a redrive may have produced one. */
function decisionTopicsOf(travelled: KnownOffTopics): readonly string[] {
  const { order, reservation, deadLetters } = travelled;
  const isKnown = reservation !== undefined;
  if (order.status === 'CONFIRMED') return isKnown ? ['inventory.reserved'] : [];
  if (order.status === 'REJECTED') return isKnown ? ['inventory.rejected'] : [];
  const mayBeDecided = order.status === 'CANCELLED' || deadLetters.length > 0;
  return mayBeDecided ? ['inventory.reserved', 'inventory.rejected'] : [];
}

function earlier(moment: string): string {
  return new Date(Date.parse(moment) - clockSkewMs).toISOString();
}
