import { change } from '../api.ts';
import { texts } from '../i18n/index.ts';
import type { DeadLetter } from '../model.ts';
import { ActionButton } from './action-button.tsx';

interface LetterActionsProps {
  readonly letter: Pick<DeadLetter, 'deadLetterId' | 'status'>;
  readonly onDone: () => void;
}

interface Redriven {
  readonly redriven: number;
  readonly refused?: readonly { readonly reason: string }[];
}

/** What can be done about one dead letter, each by one click. */
export function LetterActions({ letter, onDone }: LetterActionsProps) {
  const { letterAction, redriveFound } = texts.value;
  const { deadLetterId, status } = letter;
  const act = (verb: string) => async () => {
    const body = { ids: [deadLetterId], status };
    const answer = await change<Partial<Redriven>>('POST', `/api/dead-letters/${verb}`, body);
    const [refusal] = answer.refused ?? [];
    onDone();
    if (refusal) throw new Error(refusal.reason);
    if (answer.redriven === 0) throw new Error(redriveFound.nothing);
  };
  if (status === 'DISCARDED') {
    return <ActionButton label={letterAction.takeBack} action="park" run={act('park')} />;
  }
  return (
    <div class="actions">
      <ActionButton label={letterAction.redrive} action="redrive" isPrimary run={act('redrive')} />
      {status === 'NEW' && <ActionButton label={letterAction.park} action="park" run={act('park')} />}
      {status !== 'REDRIVEN' && (
        <ActionButton label={letterAction.discard} action="discard" run={act('discard')} />
      )}
    </div>
  );
}
