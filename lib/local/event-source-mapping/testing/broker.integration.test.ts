import { TestBroker } from './broker.ts';
import { freshTopic } from './offline-service.ts';

it('when a topic with many partitions is created, every partition is writable at once', async () => {
  const broker = new TestBroker();
  const topic = freshTopic('many-partitions');
  await broker.createTopic(topic, 200);
  await broker.send(
    topic,
    [0, 199].map((partition) => ({ value: 'x', partition })),
  );
}, 30_000);
