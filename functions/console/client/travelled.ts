import { useRef } from 'preact/hooks';
import { get } from './api.ts';
import { searchesOf, type RecordSearch } from './journey-search.ts';
import type { KnownOffTopics, TopicsState, Travelled } from './journey.ts';
import type { DeadLetters, Delivery, Order, RecordPage, Reservation, TopicRecord } from './model.ts';
import { usePolled, usePolling, type Polled } from './poll.ts';
import { visitor } from './session.ts';

/** What is known about an order, and the resources that it was read from. */
interface Reading {
  readonly travelled: Travelled;
  readonly sources: readonly Polled<unknown>[];
  /** Whether the topics were read and held none of its records. */
  readonly isOffTopics: boolean;
  readonly reload: () => void;
}

/** Combines all that a visitor may know about an order; a customer sees neither topics nor dead letters. */
export function useTravelled(order: Order, isUnderWay: (order: Order) => boolean): Reading {
  const isBusy = () => isUnderWay(order);
  const letters = useLetters(order, isBusy);
  const deliveries = useDeliveries(order, isBusy);
  const reservation = useReservation(order, isBusy);
  const known = {
    order,
    deliveries: deliveries.found,
    deadLetters: letters.found,
    reservation: reservation.data,
  };
  const { polled: topics, found: records } = useRecords(known, isBusy);
  return {
    travelled: { ...known, records, topics: stateOf(topics) },
    sources: [topics, letters.polled, deliveries.polled, reservation],
    isOffTopics: visitor().isOperator && topics.data !== undefined && records.length === 0,
    reload: letters.polled.reload,
  };
}

function stateOf({ data, error }: Polled<unknown>): TopicsState {
  if (data !== undefined) return 'read';
  return error === undefined ? 'unread' : 'unreachable';
}

function useLetters({ orderId }: Order, isBusy: () => boolean) {
  const path = visitor().isOperator ? `/api/dead-letters?key=${orderId}` : undefined;
  const polled = usePolled<DeadLetters>(path, isBusy);
  return { polled, found: polled.data?.deadLetters ?? [] };
}

function useDeliveries({ orderId }: Order, isBusy: () => boolean) {
  const path = `/api/notifications?orderId=${orderId}`;
  const polled = usePolled<{ notifications: readonly Delivery[] }>(path, isBusy);
  return { polled, found: polled.data?.notifications ?? [] };
}

/**
 * Requested once inventory must know the order: when it is settled, or was cancelled a while ago.
 */
function useReservation({ orderId, status }: Order, isBusy: () => boolean) {
  const isKnown = status === 'CONFIRMED' || status === 'REJECTED' || (status === 'CANCELLED' && !isBusy());
  const path = isKnown && visitor().isOperator ? `/api/reservations/${orderId}` : undefined;
  return usePolled<Reservation>(path, isBusy);
}

/** Consecutive pages of one search: 10,000 records after the time at which a topic's search starts. */
const pagesInARow = 10;

/** The order's own records, each searched for on its topic from the time of its step on. */
function useRecords(travelled: KnownOffTopics, isBusy: () => boolean) {
  const positions = useRef(new Map<string, string>());
  const { orderId } = travelled.order;
  const searches = visitor().isOperator ? searchesOf(travelled) : [];
  const paths = searches.map((search) => pathOf(orderId, search));
  const read = () => Promise.all(paths.map((path) => find(path, positions.current)));
  const polled = usePolling(`records of ${orderId}`, read, isBusy, paths.join(' '));
  return { polled, found: (polled.data ?? []).flat() };
}

function pathOf(orderId: number, { topic, from, limit }: RecordSearch): string {
  const search = new URLSearchParams({ key: String(orderId), from, limit: String(limit) });
  return `/api/topics/${topic}/records?${search.toString()}`;
}

/** Follows a search until it finds something or the topic ends; the next one continues where it stopped. */
async function find(path: string, positions: Map<string, string>): Promise<readonly TopicRecord[]> {
  for (let page = 0; page < pagesInARow; page += 1) {
    const cursor = positions.get(path);
    const { records, nextCursor } = await get<RecordPage>(
      cursor === undefined ? path : `${path}&cursor=${cursor}`,
    );
    if (records.length > 0 || nextCursor === undefined) return records;
    positions.set(path, nextCursor);
  }
  return [];
}
