import Decoder from 'kafkajs/src/protocol/decoder.js';

/** A header as kafkajs reads it. */
interface ReadHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

/** Headers as kafkajs accepts and returns them: a repeated name has a list. */
type HeadersByName<Value> = Record<string, Value | Value[]>;

/**
 * Groups headers by name in linear time: a record may hold 300,000 of one name. Headers of different names
 * may change their order, which has no meaning: they are looked up by name.
 */
export function headersByName<Value>(headers: Iterable<readonly [string, Value]>): HeadersByName<Value> {
  // Without a prototype: a header may be called `constructor` or `__proto__`.
  const grouped = Object.create(null) as HeadersByName<Value>;
  for (const [name, value] of headers) {
    const sofar = grouped[name];
    if (sofar === undefined) grouped[name] = value;
    else if (Array.isArray(sofar)) sofar.push(value);
    else grouped[name] = [sofar, value];
  }
  return grouped;
}

/**
 * Makes kafkajs group the headers that it reads in the same way. It copies the whole object for each header,
 * which takes minutes for a record with many, and finds `Object` where a header is called `constructor`. The
 * only arrays of varint length in the protocol are record headers, and all it does with them is reduce them.
 */
export function groupReadHeadersInPlace(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its decoder below
  const { readVarIntArray } = Decoder.prototype;
  Decoder.prototype.readVarIntArray = function readHeaders<T>(reader: (decoder: Decoder) => T): T[] {
    const headers: unknown = readVarIntArray.call(this, reader);
    // In the local host the trigger package patches this method, too. What it has grouped stays as it is;
    // where it comes second, it needs a list.
    if (!Array.isArray(headers)) return headers as T[];
    const list = headers as ReadHeader[];
    const reduce = () => headersByName(list.map(({ key, value }) => [key, value] as const));
    return Object.assign(list, { reduce }) as unknown as T[];
  };
}
