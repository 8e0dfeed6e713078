import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestBroker } from './broker.ts';
import { eventually } from './eventually.ts';
import { freshTopic, OfflineService, serviceOf, type Call, type TriggerSpec } from './offline-service.ts';

/** A mapping extension that delivers available records without waiting for more. */
export const noWait = { MaximumBatchingWindowInSeconds: 0 };

/** Messages with these values. */
export const values = (...list: (string | null)[]): { value: string | null }[] =>
  list.map((value) => ({ value }));

/**
 * Topics of a scene, by short name, that need more than one partition or other settings than the broker's.
 */
export interface SceneTopics {
  readonly partitions?: Record<string, number>;
  readonly configs?: Record<string, Record<string, string>>;
}

type TopicNames = (shortName: string) => string;

/** One running service whose triggers are the subject of a test file, each on a topic of its own. */
export class TriggerScene {
  readonly broker = new TestBroker();
  readonly service: OfflineService;
  readonly triggers: Readonly<Record<string, TriggerSpec>>;
  readonly #topics = new Map<string, string>();
  readonly #settings: SceneTopics;

  constructor(
    triggersOf: (topic: TopicNames) => Record<string, TriggerSpec>,
    settings: SceneTopics = {},
    custom: Record<string, unknown> = {},
  ) {
    this.triggers = triggersOf((shortName) => this.topic(shortName));
    this.#settings = settings;
    this.service = new OfflineService({ ...serviceOf(this.triggers), custom });
  }

  /** The full name of a topic, unique to this run. */
  topic(shortName: string): string {
    const known = this.#topics.get(shortName) ?? freshTopic(shortName);
    this.#topics.set(shortName, known);
    return known;
  }

  async createTopics(): Promise<void> {
    const { partitions = {}, configs = {} } = this.#settings;
    for (const [shortName, name] of this.#topics) {
      // Some records carry a timestamp of years ago.
      const config = { 'retention.ms': '-1', ...configs[shortName] };
      await this.broker.createTopic(name, partitions[shortName] ?? 1, config);
    }
  }

  /** Creates the topics and runs the service for all tests of the calling file. */
  runForAllTests(): void {
    beforeAll(async () => {
      await this.createTopics();
      await this.service.start();
    }, 90_000);
    afterAll(() => this.service.remove());
  }

  async send(shortName: string, ...list: (string | null)[]): Promise<void> {
    await this.broker.send(this.topic(shortName), values(...list));
  }

  topicOf(functionKey: string): string {
    return this.triggers[functionKey]?.topic ?? '';
  }

  groupOf(functionKey: string): string {
    return `stranger-dev-${functionKey}-${this.topicOf(functionKey)}`;
  }

  /** The calls of a function, once there are at least `count`. */
  async callsOf(functionKey: string, count: number, deadlineMs?: number): Promise<Call[]> {
    return eventually(
      `${count} calls of ${functionKey}`,
      () => this.service.calls(functionKey).length >= count && this.service.calls(functionKey),
      deadlineMs,
    );
  }

  /** Resolves when the trigger has committed this offset in partition 0. */
  async committed(functionKey: string, offset: number, deadlineMs?: number): Promise<void> {
    await eventually(
      `${functionKey} has committed ${offset}`,
      async () => (await this.committedOffsets(functionKey))[0] === offset,
      deadlineMs,
    );
  }

  /** Committed offsets of a trigger by partition. */
  async committedOffsets(functionKey: string): Promise<number[]> {
    return this.broker.committed(this.groupOf(functionKey), this.topicOf(functionKey));
  }

  /** The files written for a failure destination without an endpoint. */
  filesOf(destination: string): unknown[] {
    const folder = join(this.service.folder, '.local', 'failure-destinations', destination);
    return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown);
  }
}
