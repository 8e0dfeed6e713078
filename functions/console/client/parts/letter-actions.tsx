import { useState } from 'preact/hooks';
import { change } from '../api.ts';
import { texts } from '../i18n/index.ts';
import type { DeadLetter } from '../model.ts';
import { redriveOne } from '../redrive-one.ts';
import { ActionButton } from './action-button.tsx';

interface LetterActionsProps {
  readonly letter: Pick<DeadLetter, 'deadLetterId' | 'status'>;
  readonly onDone: () => void;
}

/** What can be done about one dead letter, each with one click; if it can be undone, with another. */
export function LetterActions({ letter, onDone }: LetterActionsProps) {
  const { letterAction } = texts.value;
  const [operationId, setOperationId] = useState<string>();
  const { deadLetterId, status } = letter;
  const redrive = () => redriveOne(deadLetterId, status).finally(onDone);
  const mark = (verb: string) => async () => {
    const body = { ids: [deadLetterId], status };
    const answer = await change<{ operationId: string }>('POST', `/api/dead-letters/${verb}`, body);
    setOperationId(answer.operationId);
    onDone();
  };
  const undo = async () => {
    await change('POST', `/api/operations/${operationId ?? ''}/undo`);
    setOperationId(undefined);
    onDone();
  };
  return (
    <div class="actions">
      {operationId !== undefined && <ActionButton label={letterAction.undo} run={undo} />}
      {status === 'DISCARDED' ? (
        <ActionButton label={letterAction.takeBack} action="park" run={mark('park')} />
      ) : (
        <>
          <ActionButton label={letterAction.redrive} action="redrive" isPrimary run={redrive} />
          {status === 'NEW' && <ActionButton label={letterAction.park} action="park" run={mark('park')} />}
          {status !== 'REDRIVEN' && (
            <ActionButton label={letterAction.discard} action="discard" run={mark('discard')} />
          )}
        </>
      )}
    </div>
  );
}
