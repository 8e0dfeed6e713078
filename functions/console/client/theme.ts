import { effect, signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const key = 'openorder.theme';
const stored = themes.find((name) => name === localStorage.getItem(key));

/** The visitor's choice, remembered by the browser; `system` follows the machine's. */
export const theme = signal<Theme>(stored ?? 'system');

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
  localStorage.setItem(key, theme.value);
});
