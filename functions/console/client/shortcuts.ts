import { effect, signal } from '@preact/signals';
import { togglePause } from './pause.ts';
import { href, navigate } from './router.ts';

/** Pages by the key that follows `g`. */
export const pageKeys = {
  h: '',
  o: 'orders',
  f: 'flow',
  t: 'topics',
  d: 'dead-letters',
  s: 'stock',
  i: 'inbox',
} as const;

/** How long after `g` a page's key may follow, in ms. */
const sequenceMs = 1_500;

const storageKey = 'openorder.shortcuts';

/**
 * Whether single keys are active; speech input would press them by accident, so they can be switched off.
 * https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts.html
 */
export const hasShortcuts = signal(localStorage.getItem(storageKey) !== 'off');

/** Whether the list of keys is shown. */
export const isHelpOpen = signal(false);

effect(() => {
  localStorage.setItem(storageKey, hasShortcuts.value ? 'on' : 'off');
});

let awaitsPageUntil = 0;

/** Listens for the keys, unless a field has the focus or a dialog is open. */
export function startShortcuts(): void {
  addEventListener('keydown', (event) => {
    if (!hasShortcuts.value || isForField(event)) return;
    if (press(event.key)) event.preventDefault();
  });
}

function isForField({ ctrlKey, metaKey, altKey, target, defaultPrevented }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return true;
  const isTyping = target instanceof Element && target.closest('input, select, textarea, iframe') !== null;
  return isTyping || document.querySelector('dialog[open]') !== null;
}

/** @returns whether the key does something */
function press(key: string): boolean {
  const page = Date.now() < awaitsPageUntil ? pageKeys[key as keyof typeof pageKeys] : undefined;
  awaitsPageUntil = key === 'g' ? Date.now() + sequenceMs : 0;
  if (page !== undefined) {
    navigate(href(page === '' ? [] : [page]));
    return true;
  }
  actions[key]?.();
  return key in actions;
}

const actions: Readonly<Record<string, (() => void) | undefined>> = {
  '?': () => (isHelpOpen.value = true),
  '/': () => document.querySelector<HTMLElement>('main :is(input, select)')?.focus(),
  p: togglePause,
  j: () => {
    moveFocus(1);
  },
  k: () => {
    moveFocus(-1);
  },
};

/** Moves to the link of the next row or step; Enter opens it, moving there does not. */
function moveFocus(by: 1 | -1): void {
  const rows = 'tbody tr, .stop, .mails li';
  const all = [...document.querySelectorAll(`main :is(${rows})`)];
  const links = all.flatMap((row) => row.querySelector<HTMLElement>('a, button, summary') ?? []);
  const row = document.activeElement?.closest(rows);
  const current = links.findIndex((link) => row?.contains(link));
  const next = current < 0 ? (by > 0 ? 0 : links.length - 1) : current + by;
  links[next]?.focus();
}
