import { useRef } from 'preact/hooks';
import { change } from '../api.ts';
import { drive, driven } from '../driver.ts';
import { duration, integer, now } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { OperationDetails } from '../model.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { CopyCommand } from '../parts/copy-command.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page, Section, Shown } from '../parts/page.tsx';
import { Table } from '../parts/records.tsx';
import { usePolled } from '../poll.ts';
import { href } from '../router.ts';

/** One operation: its progress, and what can still be done about it. */
export function OperationPage({ id }: { readonly id: string }) {
  const { desk } = texts.value;
  const operation = usePolled<OperationDetails>(
    `/api/operations/${encodeURIComponent(id)}`,
    ({ state }) => state === 'RUNNING',
  );
  const action = operation.data?.action;
  return (
    <Page
      title={action ? desk.action[action] : desk.operations}
      actions={<a href={href(['operations'])}>{desk.operations}</a>}
    >
      <Shown of={operation}>
        {(data) => (
          <>
            <Section title={desk.state[data.state]}>
              <Progress of={data} />
              <Driver of={data} />
              <Control of={data} onChange={operation.reload} />
            </Section>
            <Facts of={data} />
            <Refusals of={data} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Progress({ of }: { readonly of: OperationDetails }) {
  const { desk } = texts.value;
  const { affected, refused, state } = of;
  const total = of.total ?? affected;
  const rate = useRate(affected);
  return (
    <>
      {total > 0 && <progress max={total} value={affected} aria-label={desk.what.state} />}
      <p role="status">{desk.counts(integer(affected - refused), integer(total), integer(refused))}</p>
      {state === 'RUNNING' && rate > 0 && affected < total && (
        <p class="muted">{desk.pace(integer(rate), duration((total - affected) / rate))}</p>
      )}
    </>
  );
}

/** Milliseconds over which a rate is measured. */
const windowMs = 10_000;

/** How many were recently added per second, as far as this page has seen. */
function useRate(count: number): number {
  const samples = useRef<{ readonly at: number; readonly count: number }[]>([]);
  const at = Date.now();
  samples.current = [...samples.current.filter((sample) => at - sample.at < windowMs), { at, count }];
  const [first = { at, count }] = samples.current;
  return at > first.at ? ((count - first.count) * 1_000) / (at - first.at) : 0;
}

/** After this long without a step, in ms, no browser is sending. */
const idleMs = 10_000;

/** Who is currently sending, and what is in the way. */
function Driver({ of }: { readonly of: OperationDetails }) {
  const { desk } = texts.value;
  const { operationId, state, lastStepAt, startedAt, affected, total } = of;
  if (state !== 'RUNNING' || affected === total) return null;
  const trouble = driven.value[operationId];
  if (trouble)
    return (
      <p role="alert" class="notice bad">
        {desk.trouble(trouble.message)}
      </p>
    );
  if (trouble === null) return <p class="muted">{desk.sending}</p>;
  const isIdle = now.value - Date.parse(lastStepAt ?? startedAt) > idleMs;
  return <p class={isIdle ? 'notice wait' : 'muted'}>{isIdle ? desk.idle : desk.elsewhere}</p>;
}

interface ControlProps {
  readonly of: OperationDetails;
  readonly onChange: () => void;
}

function Control({ of, onChange }: ControlProps) {
  const { desk } = texts.value;
  const { action, state, affected, undoneBy } = of;
  if (state === 'RUNNING' || state === 'PAUSED') return <Steering of={of} onChange={onChange} />;
  if (action === 'REDRIVE') return <p class="muted">{desk.notUndoable}</p>;
  if (undoneBy !== null) {
    return (
      <p>
        <a href={href(['operations', undoneBy])}>{desk.undone}</a>
      </p>
    );
  }
  return action === 'UNDO' || affected === 0 ? null : <Undo of={of} onChange={onChange} />;
}

function Steering({ of: { operationId, state, nextCursor }, onChange }: ControlProps) {
  const { desk } = texts.value;
  const set = (wanted: string) => async () => {
    await change('PATCH', `/api/operations/${operationId}`, { state: wanted });
    onChange();
    if (wanted === 'RUNNING') void drive(operationId, nextCursor);
  };
  const isDrivenHere = driven.value[operationId] !== undefined;
  return (
    <div class="actions">
      {state === 'RUNNING' && <ActionButton label={desk.pause} run={set('PAUSED')} />}
      {(state === 'PAUSED' || !isDrivenHere) && (
        <ActionButton label={desk.resume} isPrimary run={set('RUNNING')} />
      )}
      <ActionButton label={desk.stop} run={set('STOPPED')} />
    </div>
  );
}

function Undo({ of: { operationId }, onChange }: ControlProps) {
  const undo = async () => {
    await change('POST', `/api/operations/${operationId}/undo`);
    onChange();
  };
  return <ActionButton label={texts.value.letterAction.undo} run={undo} />;
}

function Facts({ of }: { readonly of: OperationDetails }) {
  const { desk, columns } = texts.value;
  const { action, operator, source, startedAt, request } = of;
  return (
    <Section title={desk.asked}>
      <dl class="facts">
        <dt>{desk.what.operator}</dt>
        <dd>{operator}</dd>
        <dt>{desk.what.source}</dt>
        <dd>{desk.source[source as keyof typeof desk.source]}</dd>
        <dt>{columns.time}</dt>
        <dd>
          <Moment at={startedAt} />
        </dd>
      </dl>
      {action === 'UNDO' ? (
        <a href={href(['operations', String(request['id'])])}>{desk.what.action}</a>
      ) : (
        <CopyCommand verb={action.toLowerCase()} conditions={request} />
      )}
    </Section>
  );
}

function Refusals({ of: { refused, refusedLetters } }: { readonly of: OperationDetails }) {
  const { desk, columns } = texts.value;
  if (refused === 0) return null;
  return (
    <Section title={desk.refused(refused)}>
      <Table label={desk.refused(refused)} columns={[columns.letter, columns.topic, columns.cause]}>
        {refusedLetters.map(({ id, topic, reason }) => (
          <tr key={id}>
            <th scope="row">
              <a href={href(['dead-letters', id])}>{id}</a>
            </th>
            <td>
              <code>{topic}</code>
            </td>
            <td>{reason}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
