import type { ComponentChildren } from 'preact';
import { textOf } from '../bytes.ts';
import { texts } from '../i18n/index.ts';
import type { Bytes, TopicRecord } from '../model.ts';
import { href } from '../router.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A record's position, as a link to it: `order.created p1@8831`. */
export function RecordLink({ topic, partition, offset }: Place) {
  const { recordAt } = texts.value;
  return (
    <a
      class="record-link"
      href={href(['topics', topic, partition, offset])}
      aria-label={recordAt(topic, partition, offset)}
    >
      <span class={`topic-dot ${lineOf(topic)}`} aria-hidden="true" />
      {topic}{' '}
      <span class="place">
        p{partition}@{offset}
      </span>
    </a>
  );
}

/** The colour of a topic, the same on every page. */
export function lineOf(topic: string): string {
  if (topic.endsWith('.DLT')) return 'line-letters';
  return `line-${topic.replaceAll('.', '-')}`;
}

/** A key that is an order's number links to its journey. */
export function Key({ of }: { readonly of: Bytes | null }) {
  const text = textOf(of);
  if (of === null) return <span class="muted">null</span>;
  if (!/^[1-9]\d{0,15}$/.test(text)) return <code>{text}</code>;
  return <a href={href(['orders', text])}>{text}</a>;
}

/** The beginning of a value, on one line. */
export function ValueStart({ of }: { readonly of: TopicRecord['value'] }) {
  if (of === null) return <span class="muted">null</span>;
  return <code class="one-line">{textOf(of).slice(0, 200)}</code>;
}

/**
 * A table that scrolls sideways on a narrow screen instead of widening the page; it can be focused, so that
 * it can be scrolled with the keyboard.
 */
function TableArea({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="table-area" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

interface TableProps {
  readonly label: string;
  /** Titles of the columns; one that begins with `#` is above numbers. */
  readonly columns: readonly string[];
  readonly children: ComponentChildren;
}

/** A table with column titles; its rows are the children. */
export function Table({ label, columns, children }: TableProps) {
  return (
    <TableArea label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((title) => (
              <th key={title} scope="col" class={title.startsWith('#') ? 'number' : undefined}>
                {title.replace('#', '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </TableArea>
  );
}
