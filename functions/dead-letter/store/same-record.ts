import type { Header } from '../../../lib/kafka/records.ts';

/** A dead letter, as far as it says which record it is. */
export interface Traced {
  readonly originalTopic: string;
  readonly headers: readonly Header[];
}

/**
 * Whether two dead letters are failures of one record: a redriven record keeps the places at which it failed
 * before, one set of headers per failure.
 */
export function isSameRecord(one: Traced, other: Traced): boolean {
  if (one.originalTopic !== other.originalTopic) return false;
  const [places, otherPlaces] = [placesOf(one.headers), placesOf(other.headers)];
  return contains(places, otherPlaces.at(-1)) || contains(otherPlaces, places.at(-1));
}

function contains(places: readonly string[], place: string | undefined): boolean {
  return place !== undefined && places.includes(place);
}

/** Partition and offset of each failure, the latest last. */
function placesOf(headers: readonly Header[]): string[] {
  const partitions = valuesOf(headers, /^kafka_(dlt-)?original-partition$/);
  const offsets = valuesOf(headers, /^kafka_(dlt-)?original-offset$/);
  return offsets.flatMap((offset, index) => {
    const partition = partitions[index];
    return partition === undefined ? [] : [`${partition}@${offset}`];
  });
}

function valuesOf(headers: readonly Header[], name: RegExp): string[] {
  return headers.filter((header) => name.test(header.name)).map(({ value }) => value.toString('hex'));
}
