import { get } from '../api.ts';
import { textOf } from '../bytes.ts';
import { texts } from '../i18n/index.ts';
import type { DeadLetterDetails } from '../model.ts';
import { StatusBadge } from '../parts/badge.tsx';
import { CopyCommand } from '../parts/copy-command.tsx';
import { HeaderTable } from '../parts/header-table.tsx';
import { LetterActions } from '../parts/letter-actions.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page, Section, Shown } from '../parts/page.tsx';
import { Key, RecordLink } from '../parts/records.tsx';
import { ValueView } from '../parts/value-view.tsx';
import { usePolled } from '../poll.ts';
import { href } from '../router.ts';

/** One dead letter: what failed and why, and what can be done about it. */
export function DeadLetterPage({ id }: { readonly id: string }) {
  const { journey } = texts.value;
  const letter = usePolled<DeadLetterDetails>(`/api/dead-letters/${encodeURIComponent(id)}?value=cut`);
  return (
    <Page title={journey.letter(id)}>
      <Shown of={letter}>{(data) => <Letter letter={data} onChange={letter.reload} />}</Shown>
    </Page>
  );
}

function Letter({ letter, onChange }: { readonly letter: DeadLetterDetails; readonly onChange: () => void }) {
  const { letterPage, recordPage, columns } = texts.value;
  const stack = letter.headers.find(({ name }) => name.endsWith('exception-stacktrace'));
  return (
    <div data-dead-letter={letter.deadLetterId}>
      <Section title={letter.exceptionClass ?? letterPage.unknownCause}>
        <p>{letter.message}</p>
        <Facts letter={letter} />
        {letter.refusal !== null && <p class="notice wait">{letter.refusal}</p>}
        <LetterActions letter={letter} onDone={onChange} />
        <CopyCommand verb={`show ${letter.deadLetterId}`} />
      </Section>
      {stack && (
        <Section title={letterPage.stack}>
          <pre tabIndex={0}>{textOf(stack)}</pre>
        </Section>
      )}
      <Section title={texts.value.desk.history}>
        <History of={letter} />
      </Section>
      <Section title={columns.value}>
        <ValueView
          value={letter.value}
          loadAll={async () =>
            (await get<DeadLetterDetails>(`/api/dead-letters/${letter.deadLetterId}`)).value
          }
        />
      </Section>
      <Section title={recordPage.headers}>
        <HeaderTable headers={letter.headers.filter((header) => header !== stack)} />
      </Section>
    </div>
  );
}

/** Each failure of the record, and each decision about it. */
function History({ of: { history, deadLetterId } }: { readonly of: DeadLetterDetails }) {
  const { desk } = texts.value;
  return (
    <ol class="history">
      {history.map((entry) => (
        <li key={`${entry.at} ${entry.what}`}>
          <Moment at={entry.at} />{' '}
          {entry.operationId === null ? (
            desk.happened[entry.what]
          ) : (
            <a href={href(['operations', entry.operationId])}>{desk.happened[entry.what]}</a>
          )}{' '}
          {entry.reason} {entry.operator ?? entry.consumerGroup}{' '}
          {entry.deadLetterId !== deadLetterId && (
            <a href={href(['dead-letters', entry.deadLetterId])}>{entry.deadLetterId}</a>
          )}
        </li>
      ))}
    </ol>
  );
}

function Facts({ letter }: { readonly letter: DeadLetterDetails }) {
  const { letterPage, columns, letterStatus } = texts.value;
  const { originalTopic, originalPartition, originalOffset } = letter;
  return (
    <dl class="facts">
      <dt>{columns.status}</dt>
      <dd>
        <StatusBadge status={letter.status} words={letterStatus} />{' '}
        {letter.changedAt !== null && <Moment at={letter.changedAt} />} {letter.changedBy?.operator}
      </dd>
      <dt>{columns.key}</dt>
      <dd>
        <Key of={letter.key} />
      </dd>
      <dt>{columns.group}</dt>
      <dd>
        <code>{letter.consumerGroup ?? '?'}</code>
      </dd>
      <dt>{columns.failed}</dt>
      <dd>
        <Moment at={letter.failedAt} />
      </dd>
      <dt>{letterPage.original}</dt>
      <dd>
        {originalPartition !== null && originalOffset !== null ? (
          <RecordLink topic={originalTopic} partition={originalPartition} offset={originalOffset} />
        ) : (
          originalTopic
        )}
      </dd>
      <dt>{columns.record}</dt>
      <dd>
        <RecordLink {...letter} />
      </dd>
    </dl>
  );
}
