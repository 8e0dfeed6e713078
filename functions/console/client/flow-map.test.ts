import { topics } from '../../../lib/contracts/topics.ts';
import { mapOf, publishers } from './flow-map.ts';
import type { TriggerFlow } from './model.ts';

const trigger = (name: string, topic: string): TriggerFlow => ({
  function: name,
  topic,
  consumerGroup: `${name}-${topic}`,
  ratePerSecond: 0,
  lagRecords: 0,
  lagSeconds: 0,
  deadLetters: 0,
  partitions: [],
});

it('when a topic of events exists, the picture knows who publishes to it', () => {
  const ofEvents = topics.filter((topic) => !topic.endsWith('.DLT'));
  expect(Object.keys(publishers).toSorted()).toEqual(ofEvents.toSorted());
});

it('when functions react to one another, each is to the right of what leads to it', () => {
  const { nodes } = mapOf([
    trigger('settleOrder', 'inventory.reserved'),
    trigger('reserveInventory', 'order.created'),
    trigger('notify', 'inventory.reserved'),
  ]);
  const columns = Object.fromEntries(nodes.map(({ name, column }) => [name, column]));
  expect(columns).toEqual({
    createOrder: 0,
    'order.created': 1,
    reserveInventory: 2,
    'inventory.reserved': 3,
    settleOrder: 4,
    notify: 4,
  });
  const places = nodes.map(({ column, row }) => `${column} ${row}`);
  expect(new Set(places).size).toBe(nodes.length);
});

it('when a function reads a topic, the edge between them carries the trigger', () => {
  const { edges } = mapOf([trigger('reserveInventory', 'order.created')]);
  expect(edges).toEqual([
    { from: 'createOrder', to: 'order.created' },
    { from: 'order.created', to: 'reserveInventory', trigger: trigger('reserveInventory', 'order.created') },
  ]);
});
