import { change } from '../api.ts';
import { texts } from '../i18n/index.ts';
import type { Cause } from '../model.ts';
import { ActionButton } from './action-button.tsx';

interface Redriven {
  readonly remaining: number;
  readonly nextCursor?: string;
}

/** What can be done about all dead letters of a cause; a dialog says which and how many before. */
export function CauseActions({ cause, onDone }: { readonly cause: Cause; readonly onDone: () => void }) {
  const { letterAction, lettersPage } = texts.value;
  const { originalTopic, consumerGroup, exceptionClass, status, count } = cause;
  const selection = {
    topic: originalTopic,
    status,
    ...(consumerGroup !== null && { consumerGroup }),
    ...(exceptionClass !== null && { exception: exceptionClass }),
  };
  const redrive = async () => {
    let cursor: string | undefined;
    do {
      const body = { ...selection, ...(cursor !== undefined && { cursor }) };
      const answer = await change<Redriven>('POST', '/api/dead-letters/redrive', body);
      cursor = answer.remaining > 0 ? answer.nextCursor : undefined;
    } while (cursor !== undefined);
    onDone();
  };
  const park = async () => {
    await change('POST', '/api/dead-letters/park', selection);
    onDone();
  };
  if (status === 'DISCARDED' || status === 'REDRIVEN') return null;
  return (
    <div class="actions">
      <ActionButton
        label={letterAction.redriveAll(count)}
        question={lettersPage.redriveQuestion(count, originalTopic)}
        run={redrive}
      />
      {status === 'NEW' && (
        <ActionButton label={letterAction.parkAll} question={lettersPage.parkQuestion(count)} run={park} />
      )}
    </div>
  );
}
