import { useState } from 'preact/hooks';
import { commandOf, type Conditions } from '../command.ts';
import { texts } from '../i18n/index.ts';
import { stageSettings } from '../settings.ts';

interface CopyCommandProps {
  readonly verb: string;
  readonly conditions?: Conditions;
}

/** The command line that does what is on the screen, and a button that copies it. */
export function CopyCommand({ verb, conditions = {} }: CopyCommandProps) {
  const [isCopied, setCopied] = useState(false);
  const { desk } = texts.value;
  const line = commandOf(verb, conditions, stageSettings().stage === 'local' ? undefined : location.origin);
  const copy = async () => {
    await navigator.clipboard.writeText(line);
    setCopied(true);
  };
  return (
    <p class="actions small">
      <code>{line}</code>
      <button type="button" onClick={() => void copy()}>
        {isCopied ? desk.copied : desk.copy}
      </button>
    </p>
  );
}
