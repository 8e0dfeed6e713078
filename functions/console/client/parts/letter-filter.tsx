import type { ComponentChildren } from 'preact';
import { texts } from '../i18n/index.ts';
import { href, setQuery } from '../router.ts';

/** Conditions that the address may contain. */
const conditionNames = ['topic', 'consumerGroup', 'exception', 'key', 'from', 'to', 'status'] as const;

export type Named = Readonly<Partial<Record<(typeof conditionNames)[number], string>>>;

/** The conditions that an address names. */
export function namedIn(parameters: URLSearchParams): Named {
  const named = conditionNames.map((name) => [name, parameters.get(name) ?? ''] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== ''));
}

/** Selects dead letters; the selection is in the address. */
export function LetterFilter({ named }: { readonly named: Named }) {
  const { columns, desk, topicPage, lettersPage } = texts.value;
  const text = (name: keyof Named, label: string) => (
    <label>
      {label}
      <input name={name} defaultValue={named[name] ?? ''} />
    </label>
  );
  const time = (name: 'from' | 'to', label: string) => (
    <label>
      {label}
      <input type="datetime-local" name={name} defaultValue={toField(named[name])} />
    </label>
  );
  return (
    <form class="filters" onSubmit={search}>
      {text('topic', columns.topic)}
      {text('consumerGroup', columns.group)}
      {text('exception', columns.cause)}
      {text('key', columns.key)}
      {time('from', topicPage.from)}
      {time('to', desk.until)}
      <label>
        {columns.status}
        <Status of={named.status ?? ''} />
      </label>
      <button type="submit">{topicPage.search}</button>
      {Object.keys(named).length > 0 && <a href={href(['dead-letters'])}>{lettersPage.showAll}</a>}
    </form>
  );
}

function Status({ of }: { readonly of: string }): ComponentChildren {
  const { letterStatus, ordersPage } = texts.value;
  return (
    <select name="status" defaultValue={of}>
      <option value="">{ordersPage.anyStatus}</option>
      {Object.entries(letterStatus).map(([status, word]) => (
        <option key={status} value={status}>
          {word}
        </option>
      ))}
    </select>
  );
}

function search(event: SubmitEvent): void {
  event.preventDefault();
  const form = new FormData(event.currentTarget as HTMLFormElement);
  const changes: Record<string, string> = { cursor: '', watch: '' };
  for (const name of conditionNames) {
    const typed = form.get(name);
    if (typeof typed === 'string')
      changes[name] = name === 'from' || name === 'to' ? toMoment(typed) : typed.trim();
  }
  setQuery(changes);
}

/** A moment from the address in the form that the browser's field expects, in the browser's zone. */
function toField(iso: string | undefined): string {
  if (iso === undefined) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toMoment(field: string): string {
  return field === '' ? '' : new Date(field).toISOString();
}
