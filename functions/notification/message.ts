import { writeEnglish } from './message-en.ts';
import { writeKorean } from './message-ko.ts';
import type { Letter } from './message-letter.ts';
import { htmlOf, textOf } from './message-page.ts';
import type { Language, Notice } from './notice.ts';

/** A notice ready to be sent: `text` and `html` say the same. */
export interface Message {
  readonly subject: string;
  readonly brief: string;
  readonly text: string;
  readonly html: string;
}

const writers: Readonly<Record<Language, (notice: Notice) => Letter>> = {
  en: writeEnglish,
  ko: writeKorean,
};

/** A notice written as a message in one language. */
export function messageFor(notice: Notice, language: Language): Message {
  const letter = writers[language](notice);
  return {
    subject: letter.subject,
    brief: letter.brief,
    text: textOf(letter),
    html: htmlOf(letter, notice.kind, language),
  };
}
