import { TestBroker } from './broker.ts';
import { freshTopic } from './offline-service.ts';

it('when a topic has many partitions, each can be written as soon as the topic is created', async () => {
  const broker = new TestBroker();
  const topic = freshTopic('many-partitions');
  await broker.createTopic(topic, 200);
  await broker.send(
    topic,
    [0, 199].map((partition) => ({ value: 'x', partition })),
  );
}, 30_000);
