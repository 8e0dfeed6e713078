import { get } from '../api.ts';
import { texts } from '../i18n/index.ts';
import type { RecordPage as Records, TopicRecord } from '../model.ts';
import { HeaderTable } from '../parts/header-table.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page, Section, Shown } from '../parts/page.tsx';
import { Key } from '../parts/records.tsx';
import { ValueView } from '../parts/value-view.tsx';
import { usePolled } from '../poll.ts';
import { href } from '../router.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** One record: key, headers decoded, value as JSON and as bytes. */
export function RecordPage(place: Place) {
  const { topic, partition, offset } = place;
  const records = usePolled<Records>(pathOf(place));
  return (
    <Page
      title={`${topic} p${partition}@${offset}`}
      lead={<a href={href(['topics', topic])}>{topic}</a>}
      actions={<Neighbours {...place} />}
    >
      <Shown of={records}>
        {(page) => {
          const record = page.records.find((one) => one.offset === offset);
          return record ? <RecordView key={offset} record={record} /> : <Missing of={page} />;
        }}
      </Shown>
    </Page>
  );
}

function pathOf({ topic, partition, offset }: Place): string {
  return `/api/topics/${encodeURIComponent(topic)}/records?partition=${partition}&offset=${offset}&limit=1`;
}

function Neighbours({ topic, partition, offset }: Place) {
  const { recordPage } = texts.value;
  return (
    <>
      {offset > 0 && <a href={href(['topics', topic, partition, offset - 1])}>← {recordPage.previous}</a>}
      <a href={href(['topics', topic, partition, offset + 1])}>{recordPage.next} →</a>
    </>
  );
}

function Missing({ of: { partitions } }: { readonly of: Records }) {
  const { recordPage } = texts.value;
  const [range] = partitions;
  return <p>{range ? recordPage.missing(range.start, range.end) : recordPage.noPartition}</p>;
}

function RecordView({ record }: { readonly record: TopicRecord }) {
  const { columns, recordPage } = texts.value;
  return (
    <>
      <Section title={recordPage.about}>
        <dl class="facts">
          <dt>{columns.key}</dt>
          <dd>
            <Key of={record.key} />
          </dd>
          <dt>{columns.time}</dt>
          <dd>
            <Moment at={record.timestamp} /> <span class="muted">{record.timestampType}</span>
          </dd>
        </dl>
      </Section>
      <Section title={columns.value}>
        <ValueView
          value={record.value}
          loadAll={async () =>
            (await get<Records>(`${pathOf(record)}&value=whole`)).records[0]?.value ?? null
          }
        />
      </Section>
      <Section title={recordPage.headers}>
        <HeaderTable headers={record.headers} />
      </Section>
    </>
  );
}
