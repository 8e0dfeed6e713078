import { Kafka, type KafkaConfig } from 'kafkajs';
import { groupReadHeadersInPlace } from './headers-by-name.ts';
import { encodeBatchesInOneBuffer } from './produce-encoding.ts';
import { checkQueuesOnlyWhileRequestsWait } from './request-queue-timer.ts';
import { wrapProducts } from './wrapping-product.ts';

patchKafkajs();

export { headersByName } from './headers-by-name.ts';
export { openCluster } from './open-cluster.ts';
export { security } from './scram-login.ts';
export { withAdmin } from './with-admin.ts';

/** A kafkajs client, patched; kafkajs is instantiated nowhere else in the project. */
export function createKafka(config: KafkaConfig): Kafka {
  return new Kafka(config);
}

/** Changes kafkajs 2.2.4 for the whole process. README.md says what each patch fixes, and when it can go. */
function patchKafkajs(): void {
  encodeBatchesInOneBuffer();
  checkQueuesOnlyWhileRequestsWait();
  wrapProducts();
  groupReadHeadersInPlace();
}
