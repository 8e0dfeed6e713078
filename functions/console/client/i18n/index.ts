import { computed } from '@preact/signals';
import { query } from '../router.ts';
import { en, type Texts } from './en.ts';
import { ko } from './ko.ts';

export const languages = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof languages;

const dictionaries: Readonly<Record<Language, Texts>> = { en, ko };

/** `?lang=`, else the first of the browser's languages that there is a dictionary for, else English. */
export const language = computed<Language>(() => {
  const wanted = [query.value.get('lang') ?? '', ...navigator.languages];
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in dictionaries);
  return (known as Language | undefined) ?? 'en';
});

/** The words of the console in the language of the reader. */
export const texts = computed<Texts>(() => dictionaries[language.value]);
