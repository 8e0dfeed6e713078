/** What kafkajs itself would have written; only the tests compare with it. */
declare module 'kafkajs/src/protocol/requests/produce/v7/request.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  import type { ProduceParameters } from 'kafkajs/src/protocol/requests/produce/index.js';
  export default function request(parameters: ProduceParameters): { encode: () => Promise<Encoder> };
}
declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  import type { Message } from 'kafkajs/src/protocol/requests/produce/index.js';
  export default function Record(record: Message & { offsetDelta: number; timestampDelta: number }): Encoder;
}
declare module 'kafkajs/src/protocol/recordBatch/v0/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  export function RecordBatch(batch: {
    records: readonly Encoder[];
    firstTimestamp: number;
    maxTimestamp: number;
    lastOffsetDelta: number;
    producerId: string;
    producerEpoch: number;
    firstSequence: number;
  }): Promise<Encoder>;
}
declare module 'kafkajs/src/producer/partitioners/default/murmur2.js' {
  export default function murmur2(key: Buffer | string): number;
}
