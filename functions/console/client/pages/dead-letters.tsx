import { integer } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { Cause, DeadLetter, DeadLetters } from '../model.ts';
import { LetterBadge } from '../parts/badge.tsx';
import { CauseActions } from '../parts/cause-actions.tsx';
import { LetterActions } from '../parts/letter-actions.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page, Section, Shown } from '../parts/page.tsx';
import { RecordLink, TableArea } from '../parts/records.tsx';
import { usePolled } from '../poll.ts';
import { href, query } from '../router.ts';

/** The filters that the address may hold. */
const filters = ['topic', 'consumerGroup', 'exception', 'key', 'status', 'cursor'] as const;

/** What failed, by cause and one by one. */
export function DeadLettersPage() {
  const { lettersPage } = texts.value;
  const parameters = new URLSearchParams({ limit: '50' });
  for (const name of filters) {
    const value = query.value.get(name);
    if (value !== null && value !== '') parameters.set(name, value);
  }
  const letters = usePolled<DeadLetters>(`/api/dead-letters?${parameters.toString()}`);
  return (
    <Page title={lettersPage.title} lead={lettersPage.lead}>
      <Shown of={letters}>{(data) => <Found of={data} onChange={letters.reload} />}</Shown>
    </Page>
  );
}

function Found({ of, onChange }: { readonly of: DeadLetters; readonly onChange: () => void }) {
  const { lettersPage, older } = texts.value;
  const asked = Object.fromEntries(filters.map((name) => [name, query.value.get(name) ?? '']));
  const isFiltered = Object.values(asked).some((value) => value !== '');
  return (
    <>
      {isFiltered && (
        <p>
          <a href={href(['dead-letters'])}>{lettersPage.showAll}</a>
        </p>
      )}
      {of.total === 0 ? (
        <p>{isFiltered ? lettersPage.noneFound : lettersPage.empty}</p>
      ) : (
        <>
          <Section title={lettersPage.causes}>
            <CauseTable causes={of.causes} onChange={onChange} />
          </Section>
          <Section title={lettersPage.letters}>
            <LetterTable letters={of.deadLetters} onChange={onChange} />
          </Section>
        </>
      )}
      {of.nextCursor !== undefined && (
        <a href={href(['dead-letters'], { ...asked, cursor: of.nextCursor })}>{older}</a>
      )}
    </>
  );
}

function CauseTable(props: { readonly causes: readonly Cause[]; readonly onChange: () => void }) {
  const { columns, lettersPage } = texts.value;
  return (
    <TableArea label={lettersPage.causes}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.cause}</th>
            <th scope="col">{columns.status}</th>
            <th scope="col" class="number">
              {columns.count}
            </th>
            <th scope="col">{columns.newest}</th>
            <th scope="col">{columns.actions}</th>
          </tr>
        </thead>
        <tbody>
          {props.causes.map((cause) => (
            <CauseRow key={JSON.stringify(cause)} cause={cause} onChange={props.onChange} />
          ))}
        </tbody>
      </table>
    </TableArea>
  );
}

function CauseRow({ cause, onChange }: { readonly cause: Cause; readonly onChange: () => void }) {
  const { originalTopic, consumerGroup, exceptionClass, status, count, newest, message } = cause;
  const filter = {
    topic: originalTopic,
    consumerGroup: consumerGroup ?? '',
    exception: exceptionClass ?? '',
    status,
  };
  return (
    <tr>
      <th scope="row">
        <a href={href(['dead-letters'], filter)}>{exceptionClass ?? '?'}</a>
        <span class="below">{message}</span>
        <span class="below">
          <code>{originalTopic}</code> → <code>{consumerGroup ?? '?'}</code>
        </span>
      </th>
      <td>
        <LetterBadge status={status} />
      </td>
      <td class="number">{integer(count)}</td>
      <td>
        <Moment at={newest} />
      </td>
      <td>
        <CauseActions cause={cause} onDone={onChange} />
      </td>
    </tr>
  );
}

function LetterTable(props: { readonly letters: readonly DeadLetter[]; readonly onChange: () => void }) {
  const { columns, lettersPage } = texts.value;
  return (
    <TableArea label={lettersPage.letters}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.letter}</th>
            <th scope="col">{columns.key}</th>
            <th scope="col">{columns.record}</th>
            <th scope="col">{columns.failed}</th>
            <th scope="col">{columns.actions}</th>
          </tr>
        </thead>
        <tbody>
          {props.letters.map((letter) => (
            <LetterRow key={letter.deadLetterId} letter={letter} onChange={props.onChange} />
          ))}
        </tbody>
      </table>
    </TableArea>
  );
}

function LetterRow({ letter, onChange }: { readonly letter: DeadLetter; readonly onChange: () => void }) {
  const { deadLetterId, status, keyText, exceptionClass, failedAt } = letter;
  return (
    <tr data-dead-letter={deadLetterId}>
      <th scope="row">
        <a href={href(['dead-letters', deadLetterId])}>{deadLetterId}</a> <LetterBadge status={status} />
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
