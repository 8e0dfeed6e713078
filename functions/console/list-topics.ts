import { withEntityTag } from '../../lib/http/entity-tag.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { connectTopicReader } from '../../lib/kafka/connect.ts';
import type { TopicReader } from '../../lib/kafka/topic-reader.ts';

/** Shows every topic with the range of offsets that each partition holds. */
export function listTopics({ reader }: { readonly reader: Pick<TopicReader, 'topics' | 'ranges'> }) {
  return async (): Promise<Answer> => {
    const names = await reader.topics();
    const ranges = await reader.ranges(names);
    const topics = names.map((topic) => ({ topic, partitions: ranges.get(topic) ?? [] }));
    return { status: 200, body: { topics } };
  };
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  withEntityTag(listTopics({ reader: connectTopicReader() })),
);
