import { computed, effect, signal } from '@preact/signals';
import { query } from '../router.ts';
import type { Texts } from './en.ts';

export const languages = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof languages;

/** Each in its own file, so that nobody loads a language that they do not read. */
const dictionaries: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => (await import('./en.ts')).en,
  ko: async () => (await import('./ko.ts')).ko,
};

/** `?lang=`, else the first of the browser's languages that there is a dictionary for, else English. */
export const language = computed<Language>(() => {
  const wanted = [query.value.get('lang') ?? '', ...navigator.languages];
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in dictionaries);
  return (known as Language | undefined) ?? 'en';
});

/** The console's texts in the visitor's language; loaded before anything is rendered. */
export const texts = signal({} as Texts);

/** Loads the texts of the visitor's language, and of another one when it is chosen. */
export async function loadTexts(): Promise<void> {
  await load(language.peek());
  effect(() => {
    // A tab that is older than the deployment finds no such file: the current page has it.
    load(language.value).catch(() => {
      location.reload();
    });
  });
}

async function load(wanted: Language): Promise<void> {
  const loaded = await dictionaries[wanted]();
  if (wanted === language.peek()) texts.value = loaded;
}
