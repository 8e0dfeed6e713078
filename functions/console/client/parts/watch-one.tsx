import { useEffect, useState } from 'preact/hooks';
import { get } from '../api.ts';
import type { Conditions } from '../command.ts';
import { texts } from '../i18n/index.ts';
import type { DeadLetterDetails } from '../model.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import { href } from '../router.ts';
import { BulkButton } from './bulk-dialog.tsx';
import { Section } from './page.tsx';

interface WatchOneProps {
  readonly id: string;
  /** What the rest is. */
  readonly conditions: Conditions;
}

/** Waits for the result of a dead letter that was sent alone, then offers the rest. */
export function WatchOne({ id, conditions }: WatchOneProps) {
  const { desk } = texts.value;
  const { letter, outcome, failure } = useOutcome(id);
  if (!letter && failure === undefined) return null;
  return (
    <Section title={desk.watching(id)}>
      <div role="status">
        {failure}
        {letter && <Verdict of={outcome} letter={letter} />}
      </div>
      {outcome && (
        <div class="actions">
          {outcome.again && desk.rest}
          <BulkButton verb="redrive" of={desk.theRest} conditions={conditions} />
        </div>
      )}
    </Section>
  );
}

interface Watched {
  readonly letter?: DeadLetterDetails;
  readonly outcome?: Outcome;
  readonly failure?: string;
}

function useOutcome(id: string): Watched {
  const [watched, setWatched] = useState<Watched>({});
  useEffect(() => {
    let isWanted = true;
    const watch = async () => {
      const letter = await get<DeadLetterDetails>(`/api/dead-letters/${id}?value=cut`);
      if (letter.status !== 'REDRIVEN') return;
      setWatched({ letter });
      const outcome = await outcomeOf(letter, () => isWanted);
      if (outcome && isWanted) setWatched({ letter, outcome });
    };
    watch().catch((error: unknown) => {
      setWatched({ failure: texts.value.failed(error instanceof Error ? error.message : String(error)) });
    });
    return () => {
      isWanted = false;
    };
  }, [id]);
  return watched;
}

interface VerdictProps {
  readonly of: Outcome | undefined;
  readonly letter: DeadLetterDetails;
}

function Verdict({ of, letter: { consumerGroup, exceptionClass } }: VerdictProps) {
  const { desk } = texts.value;
  if (!of) return <p>{desk.waiting(consumerGroup)}</p>;
  if (!of.again) return <p>✓ {desk.settled}</p>;
  const { reason, deadLetterId } = of.again;
  return (
    <p>
      ✕ {reason === exceptionClass ? desk.sameCause : desk.otherCause(reason)}{' '}
      <a href={href(['dead-letters', deadLetterId])}>{deadLetterId}</a>
    </p>
  );
}
