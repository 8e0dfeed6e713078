import { useState } from 'preact/hooks';
import { ApiError } from '../api.ts';
import { texts } from '../i18n/index.ts';
import { visitor } from '../session.ts';

interface WorkButtonProps {
  readonly label: string;
  /** What it acts on, for people who cannot see its position. */
  readonly hint?: string;
  /** The question to confirm first; an action without one needs only one click. */
  readonly question?: string;
  /** For programs: which action this is. */
  readonly action?: string;
  readonly isPrimary?: boolean;
  readonly run: () => Promise<void>;
}

/** A button that changes something; hidden from those who may only look. */
export function ActionButton(props: WorkButtonProps) {
  return visitor().mayChange ? <WorkButton {...props} /> : null;
}

/** A button whose work may take a while, and which says when it failed. */
export function WorkButton({ label, hint, question, action, isPrimary = false, run }: WorkButtonProps) {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<string>();
  const start = async () => {
    setRunning(true);
    setFailure(undefined);
    try {
      await run();
    } catch (error) {
      setFailure(texts.value.failed(error instanceof ApiError ? error.message : String(error)));
    }
    setRunning(false);
  };
  return (
    <span class="action">
      <Confirmed question={question} onConfirm={() => void start()}>
        {(ask) => (
          <button
            type="button"
            class={isPrimary ? 'primary' : ''}
            data-action={action}
            aria-label={hint && `${label} ${hint}`}
            aria-disabled={isRunning}
            onClick={isRunning ? undefined : ask}
          >
            {isRunning ? texts.value.working : label}
          </button>
        )}
      </Confirmed>
      {failure !== undefined && <span role="alert">{failure}</span>}
    </span>
  );
}

interface ConfirmedProps {
  readonly question: string | undefined;
  readonly onConfirm: () => void;
  readonly children: (ask: () => void) => preact.JSX.Element;
}

function Confirmed({ question, onConfirm, children }: ConfirmedProps) {
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  if (question === undefined) return children(onConfirm);
  const { yes, no } = texts.value;
  const confirm = () => {
    dialog?.close();
    onConfirm();
  };
  return (
    <>
      {children(() => dialog?.showModal())}
      <dialog ref={setDialog} aria-label={question}>
        <p>{question}</p>
        <div class="actions">
          <button type="button" onClick={() => dialog?.close()}>
            {no}
          </button>
          <button type="button" class="primary" onClick={confirm}>
            {yes}
          </button>
        </div>
      </dialog>
    </>
  );
}
