import { texts } from '../i18n/index.ts';
import type { RecordPage, TopicRecord } from '../model.ts';
import { Moment } from '../parts/moment.tsx';
import { Page, Shown } from '../parts/page.tsx';
import { Key, Table, ValueStart } from '../parts/records.tsx';
import { usePolled } from '../poll.ts';
import { href, navigate, query } from '../router.ts';

/** What the form and the address may request. */
const parameters = ['key', 'from', 'partition', 'offset'] as const;

/** Records of a topic: live and newest first, or those that the address requests. */
export function TopicPage({ topic }: { readonly topic: string }) {
  const { topicPage } = texts.value;
  const asked = askedFor();
  const search = new URLSearchParams({ ...asked, limit: '50' }).toString();
  const records = usePolled<RecordPage>(
    `/api/topics/${encodeURIComponent(topic)}/records?${search}`,
    () => Object.keys(asked).length === 0,
  );
  return (
    <Page title={topic} lead={topicPage.lead}>
      <SearchForm topic={topic} />
      <Shown of={records}>{(data) => <Results topic={topic} of={data} />}</Shown>
    </Page>
  );
}

function askedFor(): Record<string, string> {
  const names = [...parameters, 'cursor'];
  const pairs = names.flatMap((name) => {
    const value = query.value.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}

function SearchForm({ topic }: { readonly topic: string }) {
  const { topicPage, columns } = texts.value;
  const valueOf = (name: string) => query.value.get(name) ?? '';
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        search(topic, event);
      }}
      key={query.value.toString()}
    >
      <label>
        {columns.key}
        <input name="key" defaultValue={valueOf('key')} />
      </label>
      <label>
        {topicPage.from}
        <input name="from" type="datetime-local" step="0.001" defaultValue={toLocal(valueOf('from'))} />
      </label>
      <label class="quantity">
        {columns.partition}
        <input name="partition" type="number" min="0" defaultValue={valueOf('partition')} />
      </label>
      <label class="quantity">
        {columns.offset}
        <input name="offset" type="number" min="0" defaultValue={valueOf('offset')} />
      </label>
      <button type="submit" class="primary">
        {topicPage.search}
      </button>
      <a href={href(['topics', topic])}>{topicPage.live}</a>
    </form>
  );
}

function search(topic: string, event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
  event.preventDefault();
  const form = new FormData(event.currentTarget);
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const asked = { key: text('key'), partition: text('partition'), offset: text('offset') };
  navigate(href(['topics', topic], { ...asked, from: toIso(text('from')) }));
}

/** What `datetime-local` gives, in the browser's zone, as ISO 8601 in UTC. */
function toIso(local: string): string {
  return local === '' ? '' : new Date(local).toISOString();
}

function toLocal(iso: string): string {
  const moment = Date.parse(iso);
  if (Number.isNaN(moment)) return '';
  const offsetMs = new Date(moment).getTimezoneOffset() * 60_000;
  return new Date(moment - offsetMs).toISOString().slice(0, -1);
}

function Results({ topic, of: page }: { readonly topic: string; readonly of: RecordPage }) {
  const { topicPage, older, more } = texts.value;
  const { key, from, partition, offset } = askedFor();
  const isNewestFirst = from === undefined && offset === undefined && key === undefined;
  const next = { key, from, partition, offset, cursor: page.nextCursor };
  return (
    <>
      {page.searched && (
        <p class="muted">
          {topicPage.searched(page.searched.partition, page.searched.from, page.searched.to)}
        </p>
      )}
      {page.records.length === 0 ? (
        <p>{key === undefined ? topicPage.empty : topicPage.keyNotFound}</p>
      ) : (
        <RecordTable topic={topic} records={page.records} />
      )}
      {page.nextCursor !== undefined && (
        <p>
          <a href={href(['topics', topic], next)}>{isNewestFirst ? older : more}</a>
        </p>
      )}
    </>
  );
}

function RecordTable(props: { readonly topic: string; readonly records: readonly TopicRecord[] }) {
  const { columns, recordAt } = texts.value;
  return (
    <Table label={props.topic} columns={[columns.place, columns.key, columns.time, columns.value]}>
      {props.records.map(({ topic, partition, offset, key, timestamp, value }) => (
        <tr key={`${partition} ${offset}`}>
          <th scope="row" class="place">
            <a
              href={href(['topics', topic, partition, offset])}
              aria-label={recordAt(topic, partition, offset)}
            >
              p{partition}@{offset}
            </a>
          </th>
          <td>
            <Key of={key} />
          </td>
          <td>
            <Moment at={timestamp} />
          </td>
          <td class="value">
            <ValueStart of={value} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
