import { useEffect, useRef } from 'preact/hooks';
import { texts } from '../i18n/index.ts';
import { hasShortcuts, isHelpOpen, pageKeys } from '../shortcuts.ts';

/** The keys and what they do, with a switch to turn them off. */
export function ShortcutHelp() {
  return isHelpOpen.value ? <Help /> : null;
}

function Help() {
  const { shortcuts } = texts.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-label={shortcuts.title}
      class="shortcuts"
      onClose={() => (isHelpOpen.value = false)}
    >
      <h2>{shortcuts.title}</h2>
      <Keys />
      <label class="switch">
        <input
          type="checkbox"
          checked={hasShortcuts.value}
          onChange={({ currentTarget }) => (hasShortcuts.value = currentTarget.checked)}
        />
        {shortcuts.enabled}
      </label>
      <p class="muted small">{shortcuts.note}</p>
      <button type="button" class="primary" onClick={() => dialog.current?.close()}>
        {shortcuts.close}
      </button>
    </dialog>
  );
}

function Keys() {
  const { shortcuts, nav } = texts.value;
  const keys = [
    ...Object.entries(pageKeys).map(([key, page]) => [`g ${key}`, nav[page]] as const),
    ...(['/', 'j', 'k', 'p', '?'] as const).map((key) => [key, shortcuts.keys[key]] as const),
  ];
  return (
    <dl class="facts">
      {keys.map(([key, what]) => (
        <>
          <dt key={key}>
            {key.split(' ').map((one) => (
              <kbd key={one}>{one}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </>
      ))}
    </dl>
  );
}
