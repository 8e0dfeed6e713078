import { useState } from 'preact/hooks';
import { hexDump, indented, textOf } from '../bytes.ts';
import { integer } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { TopicRecord } from '../model.ts';
import { WorkButton } from './action-button.tsx';

interface ValueViewProps {
  /** The value as first read: a long one is cut. */
  readonly value: TopicRecord['value'];
  readonly loadAll: () => Promise<TopicRecord['value']>;
}

/** A record's value as JSON and as bytes; of a long one only the beginning, until all of it is requested. */
export function ValueView({ value: first, loadAll }: ValueViewProps) {
  const { recordPage } = texts.value;
  const [value, setValue] = useState(first);
  const showAll = async () => {
    setValue(await loadAll());
  };
  if (value === null) return <p>{recordPage.tombstone}</p>;
  return (
    <>
      <p class="muted">{recordPage.size(integer(value.bytes))}</p>
      {value.cut && (
        <p>
          {recordPage.cut} <WorkButton label={recordPage.loadAll} run={showAll} />
        </p>
      )}
      <pre tabIndex={0}>{indented(textOf(value))}</pre>
      <details>
        <summary>{recordPage.hex}</summary>
        <pre tabIndex={0}>{hexDump(value)}</pre>
      </details>
    </>
  );
}
