import { useState } from 'preact/hooks';
import { ApiError, change } from '../api.ts';
import type { Conditions } from '../command.ts';
import { drive } from '../driver.ts';
import { integer } from '../format.ts';
import { frictionOf, isTyped } from '../../../dead-letter/actions/friction.ts';
import { texts } from '../i18n/index.ts';
import type { BulkVerb, Preview } from '../model.ts';
import { redriveOne } from '../redrive-one.ts';
import { href, navigate } from '../router.ts';
import { stageSettings } from '../settings.ts';
import { ActionButton } from './action-button.tsx';
import { CopyCommand } from './copy-command.tsx';

interface BulkButtonProps {
  readonly verb: BulkVerb;
  /** What it counts, for people who cannot see the button's position. */
  readonly of: string;
  readonly conditions: Conditions;
}

/** A button that shows what a bulk action would affect before anything is changed. */
export function BulkButton({ verb, of, conditions }: BulkButtonProps) {
  const [preview, setPreview] = useState<Preview>();
  const { letterAction } = texts.value;
  const look = async () => {
    setPreview(await change<Preview>('POST', `/api/dead-letters/${verb}`, { ...conditions, dryRun: true }));
  };
  return (
    <>
      <ActionButton label={`${letterAction[verb]}…`} hint={of} run={look} />
      {preview && (
        <BulkDialog
          verb={verb}
          conditions={conditions}
          shown={preview}
          onClose={() => {
            setPreview(undefined);
          }}
        />
      )}
    </>
  );
}

interface BulkDialogProps {
  readonly verb: BulkVerb;
  readonly conditions: Conditions;
  readonly shown: Preview;
  readonly onClose: () => void;
}

interface Begun {
  readonly operationId: string;
  readonly nextCursor?: string;
}

/** Says what will be changed and who will read it again, and changes exactly that. */
function BulkDialog({ verb, conditions, shown, onClose }: BulkDialogProps) {
  const { desk } = texts.value;
  const [preview, setPreview] = useState(shown);
  const [rate, setRate] = useState('');
  const topics = [...new Set(preview.causes.map(({ originalTopic }) => originalTopic))].join(', ');
  const question = desk.question[verb](integer(preview.matching), topics);
  const asked = { ...conditions, ...(/^[1-9]\d*$/.test(rate) && { ratePerSecond: Number(rate) }) };
  const act = async () => {
    const body = { ...asked, preview: preview.preview };
    try {
      const { operationId, nextCursor } = await change<Begun>('POST', `/api/dead-letters/${verb}`, body);
      navigate(href(['operations', operationId]));
      void drive(operationId, nextCursor);
    } catch (error) {
      if (!(error instanceof ApiError) || error.preview === undefined) throw error;
      setPreview(error.preview as Preview);
    }
  };
  return (
    <dialog ref={open} aria-label={question} onClose={onClose}>
      <h2>{question}</h2>
      {preview !== shown && <p role="alert">{desk.changed}</p>}
      <p class="muted">{desk.through(preview.throughId)}</p>
      {verb === 'redrive' && <Readers of={preview.readers} />}
      {verb === 'redrive' && <Field label={desk.rate} value={rate} onValue={setRate} />}
      <p>{desk.consequence[verb]}</p>
      <Confirmation
        key={preview.preview}
        verb={verb}
        preview={preview}
        conditions={conditions}
        act={act}
        onClose={onClose}
      />
      <CopyCommand verb={verb} conditions={asked} />
    </dialog>
  );
}

function Readers({ of = [] }: { readonly of: Preview['readers'] }) {
  return (
    <>
      <p>{texts.value.desk.readers}</p>
      <ul>
        {of.map(({ consumerGroup }) => (
          <li key={consumerGroup}>
            <code>{consumerGroup}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

interface ConfirmationProps extends Pick<BulkDialogProps, 'verb' | 'conditions' | 'onClose'> {
  readonly preview: Preview;
  readonly act: () => Promise<void>;
}

/** The larger the change, the harder to confirm. */
function Confirmation({ verb, preview, conditions, act, onClose }: ConfirmationProps) {
  const { desk, letterAction, no } = texts.value;
  const [typed, setTyped] = useState('');
  const { matching, oldestId } = preview;
  const mustType = frictionOf(matching, stageSettings().stage) === 'type';
  const isReady = matching > 0 && (!mustType || isTyped(typed, matching));
  const sendOne = async () => {
    await redriveOne(oldestId, conditions['status']);
    navigate(href(['dead-letters'], { ...(conditions as Record<string, string>), watch: oldestId }));
  };
  return (
    <>
      {mustType && <Field label={desk.type(matching)} value={typed} onValue={setTyped} />}
      <div class="actions">
        <button type="button" onClick={onClose}>
          {no}
        </button>
        {verb === 'redrive' && matching > 1 && <ActionButton label={desk.sendOne} run={sendOne} />}
        {isReady && <ActionButton label={`${letterAction[verb]} ${integer(matching)}`} isPrimary run={act} />}
      </div>
    </>
  );
}

function open(dialog: HTMLDialogElement | null): void {
  if (dialog?.open === false) dialog.showModal();
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function Field({ label, value, onValue }: FieldProps) {
  return (
    <label>
      {label}
      <input
        inputMode="numeric"
        autocomplete="off"
        value={value}
        onInput={({ currentTarget }) => {
          onValue(currentTarget.value);
        }}
      />
    </label>
  );
}
