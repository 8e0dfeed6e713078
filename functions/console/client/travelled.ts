import { topicsOf, type Travelled } from './journey.ts';
import type { DeadLetters, Delivery, Order, RecordPage, Reservation } from './model.ts';
import { usePolled, usePolledAll, type Polled } from './poll.ts';
import { visitor } from './session.ts';

/** What is known of an order, and the resources it was read from. */
interface Reading {
  readonly travelled: Travelled;
  readonly sources: readonly Polled<unknown>[];
  /** Whether the topics were read and held none of its records. */
  readonly isOffTopics: boolean;
  readonly reload: () => void;
}

/** Joins everything that a visitor may know of an order; a customer sees neither topics nor dead letters. */
export function useTravelled(order: Order, isUnderWay: (order: Order) => boolean): Reading {
  const isBusy = () => isUnderWay(order);
  const letters = useLetters(order, isBusy);
  const deliveries = useDeliveries(order, isBusy);
  const pages = useRecords(order, letters.found, isBusy);
  const reservation = useReservation(order, isBusy);
  return {
    travelled: {
      order,
      records: pages.found,
      deliveries: deliveries.found,
      deadLetters: letters.found,
      reservation: reservation.data,
    },
    sources: [pages.polled, letters.polled, deliveries.polled, reservation],
    isOffTopics: visitor().isOperator && pages.polled.data !== undefined && pages.found.length === 0,
    reload: letters.polled.reload,
  };
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
 * Asked for once inventory must have heard of the order: when it is settled, or was cancelled a while ago.
 */
function useReservation({ orderId, status }: Order, isBusy: () => boolean) {
  const isKnown = status === 'CONFIRMED' || status === 'REJECTED' || (status === 'CANCELLED' && !isBusy());
  const path = isKnown && visitor().isOperator ? `/api/reservations/${orderId}` : undefined;
  return usePolled<Reservation>(path, isBusy);
}

function useRecords(order: Order, letters: Travelled['deadLetters'], isBusy: () => boolean) {
  const search = new URLSearchParams({ key: String(order.orderId), from: order.createdAt }).toString();
  const topics = visitor().isOperator ? topicsOf(order, letters) : [];
  const paths = topics.map((topic) => `/api/topics/${topic}/records?${search}`);
  const polled = usePolledAll<RecordPage>(paths, isBusy);
  return { polled, found: (polled.data ?? []).flatMap(({ records }) => records) };
}
