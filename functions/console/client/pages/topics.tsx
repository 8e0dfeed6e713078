import { integer } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { PartitionRange, Topics } from '../model.ts';
import { Page, Shown } from '../parts/page.tsx';
import { lineOf, Table } from '../parts/records.tsx';
import { usePolled } from '../poll.ts';
import { href } from '../router.ts';

/** Every topic and what it holds. */
export function TopicsPage() {
  const { topicsPage, nav } = texts.value;
  const topics = usePolled<Topics>('/api/topics');
  return (
    <Page title={nav.topics} lead={topicsPage.lead}>
      <Shown of={topics}>{(data) => <TopicTable of={data} />}</Shown>
    </Page>
  );
}

function TopicTable({ of: { topics } }: { readonly of: Topics }) {
  const { columns, nav } = texts.value;
  return (
    <Table label={nav.topics} columns={[columns.topic, `#${columns.records}`, columns.partitions]}>
      {topics.map(({ topic, partitions }) => (
        <tr key={topic}>
          <th scope="row">
            <span class={`topic-dot ${lineOf(topic)}`} aria-hidden="true" />{' '}
            <a href={href(['topics', topic])}>{topic}</a>
          </th>
          <td class="number">{integer(held(partitions))}</td>
          <td>
            <code class="small">
              {partitions.map(({ partition, start, end }) => `p${partition} ${start}–${end}`).join('   ')}
            </code>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function held(partitions: readonly PartitionRange[]): number {
  return partitions.reduce((sum, { start, end }) => sum + end - start, 0);
}
