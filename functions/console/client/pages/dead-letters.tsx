import { integer } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { BulkVerb, Cause, DeadLetter, DeadLetters, LetterStatus } from '../model.ts';
import { StatusBadge } from '../parts/badge.tsx';
import { BulkButton } from '../parts/bulk-dialog.tsx';
import { CopyCommand } from '../parts/copy-command.tsx';
import { LetterActions } from '../parts/letter-actions.tsx';
import { LetterFilter, type Named, namedIn } from '../parts/letter-filter.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page, Section, Shown } from '../parts/page.tsx';
import { RecordLink, Table } from '../parts/records.tsx';
import { Trend } from '../parts/trend.tsx';
import { WatchOne } from '../parts/watch-one.tsx';
import { usePolled } from '../poll.ts';
import { href, query } from '../router.ts';

/** What failed, by cause and one by one. */
export function DeadLettersPage() {
  const { lettersPage, desk, nav } = texts.value;
  const named = namedIn(query.value);
  const cursor = query.value.get('cursor');
  const watched = query.value.get('watch');
  const parameters = new URLSearchParams({ limit: '50', ...named, ...(cursor && { cursor }) });
  const letters = usePolled<DeadLetters>(`/api/dead-letters?${parameters.toString()}`);
  return (
    <Page
      title={nav['dead-letters']}
      lead={lettersPage.lead}
      actions={<a href={href(['operations'])}>{desk.operations}</a>}
    >
      <LetterFilter key={JSON.stringify(named)} named={named} />
      {watched !== null && <WatchOne key={watched} id={watched} conditions={named} />}
      <Shown of={letters}>{(data) => <Found of={data} named={named} onChange={letters.reload} />}</Shown>
      <CopyCommand verb="list" conditions={named} />
    </Page>
  );
}

interface FoundProps {
  readonly of: DeadLetters;
  readonly named: Named;
  readonly onChange: () => void;
}

function Found({ of, named, onChange }: FoundProps) {
  const { lettersPage, older } = texts.value;
  const isFiltered = Object.keys(named).length > 0;
  if (of.total === 0) return <p>{isFiltered ? lettersPage.noneFound : lettersPage.empty}</p>;
  return (
    <>
      <Section title={`${lettersPage.causes} (${integer(of.total)})`}>
        {isFiltered && <BulkButtons conditions={named} of={lettersPage.allFound} />}
        <CauseTable causes={of.causes} />
      </Section>
      <Section title={lettersPage.letters}>
        <LetterTable letters={of.deadLetters} onChange={onChange} />
      </Section>
      {of.nextCursor !== undefined && (
        <a href={href(['dead-letters'], { ...named, cursor: of.nextCursor })}>{older}</a>
      )}
    </>
  );
}

/** What can be done about everything that some conditions match, by its status. */
function BulkButtons({ conditions, of }: { readonly conditions: Named; readonly of: string }) {
  const { status = 'NEW' } = conditions;
  const verbs: readonly BulkVerb[] = {
    NEW: ['redrive', 'park', 'discard'] as const,
    PARKED: ['redrive', 'discard'] as const,
    REDRIVEN: ['redrive'] as const,
    DISCARDED: ['park'] as const,
  }[status as LetterStatus];
  return (
    <div class="actions">
      {verbs.map((verb) => (
        <BulkButton key={verb} verb={verb} of={of} conditions={{ ...conditions, status }} />
      ))}
    </div>
  );
}

function CauseTable({ causes }: { readonly causes: readonly Cause[] }) {
  const { columns, lettersPage, desk } = texts.value;
  return (
    <Table
      label={lettersPage.causes}
      columns={[
        columns.cause,
        columns.status,
        `#${columns.count}`,
        desk.lastHour,
        desk.firstAndLast,
        columns.actions,
      ]}
    >
      {causes.map((cause) => (
        <CauseRow key={keyOf(cause)} cause={cause} />
      ))}
    </Table>
  );
}

/** What identifies a cause; its count and times change while it is shown. */
function keyOf({ originalTopic, consumerGroup, exceptionClass, causeClass, status }: Cause): string {
  return JSON.stringify([originalTopic, consumerGroup, exceptionClass, causeClass, status]);
}

/** The condition that the headers name none. */
const none = '(none)';

function CauseRow({ cause }: { readonly cause: Cause }) {
  const { originalTopic, consumerGroup, exceptionClass, status, count, oldest, newest, message } = cause;
  const conditions = {
    topic: originalTopic,
    consumerGroup: consumerGroup ?? none,
    exception: exceptionClass ?? none,
    status,
  };
  return (
    <tr>
      <th scope="row">
        <a href={href(['dead-letters'], conditions)}>{exceptionClass ?? '?'}</a>
        <span class="below">{message}</span>
        <span class="below">
          <code>{originalTopic}</code> → <code>{consumerGroup ?? '?'}</code>
        </span>
      </th>
      <td>
        <StatusBadge status={status} words={texts.value.letterStatus} />
      </td>
      <td class="number">{integer(count)}</td>
      <td>
        <Trend of={cause.trend} />
      </td>
      <td>
        <Moment at={oldest} />
        <br />
        <Moment at={newest} />
      </td>
      <td>
        <BulkButtons conditions={conditions} of={exceptionClass ?? ''} />
      </td>
    </tr>
  );
}

function LetterTable(props: { readonly letters: readonly DeadLetter[]; readonly onChange: () => void }) {
  const { columns, lettersPage } = texts.value;
  return (
    <Table
      label={lettersPage.letters}
      columns={[columns.letter, columns.key, columns.record, columns.failed, columns.actions]}
    >
      {props.letters.map((letter) => (
        <LetterRow key={letter.deadLetterId} letter={letter} onChange={props.onChange} />
      ))}
    </Table>
  );
}

function LetterRow({ letter, onChange }: { readonly letter: DeadLetter; readonly onChange: () => void }) {
  const { deadLetterId, status, keyText, exceptionClass, failedAt } = letter;
  return (
    <tr data-dead-letter={deadLetterId}>
      <th scope="row">
        <a href={href(['dead-letters', deadLetterId])}>{deadLetterId}</a>{' '}
        <StatusBadge status={status} words={texts.value.letterStatus} />
        <span class="below">{exceptionClass}</span>
      </th>
      <td>{keyText !== null && <a href={href(['orders', keyText])}>{keyText}</a>}</td>
      <td>
        <RecordLink {...letter} />
      </td>
      <td>
        <Moment at={failedAt} />
      </td>
      <td>
        <LetterActions letter={letter} onDone={onChange} />
      </td>
    </tr>
  );
}
