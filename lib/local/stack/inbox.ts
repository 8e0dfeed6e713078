import { randomUUID } from 'node:crypto';
import { type AddressObject, type EmailAddress, type ParsedMail, simpleParser } from 'mailparser';

/** The most mails to keep; beyond that the oldest are dropped. */
const capacity = 10_000;

/** A mail is parsed only when it is viewed, since that takes longer than receiving it. */
class Mail {
  readonly id = randomUUID();
  readonly receivedAt = new Date();
  /** As it was received. */
  readonly bytes: Buffer;
  #parsed: Promise<ParsedMail> | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  parse(): Promise<ParsedMail> {
    this.#parsed ??= simpleParser(this.bytes).catch(() => unreadable(this.bytes));
    return this.#parsed;
  }
}

/** How much of a mail that cannot be parsed is shown, in bytes. */
const unreadableLimit = 65_536;

/** A mail beyond the parser's limits, such as one of more than 1,000 parts, is shown as received. */
function unreadable(bytes: Buffer): ParsedMail {
  const text = bytes.toString('utf8', 0, unreadableLimit);
  return { attachments: [], headers: new Map(), headerLines: [], html: false, text };
}

interface Person {
  readonly Name: string;
  readonly Address: string;
}

/**
 * The received mails, newest first, described as Mailpit does:
 * https://mailpit.axllent.org/docs/api-v1/view.html
 */
export class Inbox {
  readonly #mails: Mail[] = [];

  /** @param bytes of the mail as received */
  add(bytes: Buffer): void {
    this.#mails.unshift(new Mail(bytes));
    this.#mails.length = Math.min(this.#mails.length, capacity);
  }

  /** What `GET /api/v1/messages` answers. */
  list(start: number, limit: number) {
    return this.#page(this.#mails, start, limit);
  }

  /**
   * What `GET /api/v1/search` answers; of its query language only `message-id:TEXT` is supported:
   * https://mailpit.axllent.org/docs/usage/search-filters/
   * @returns undefined for any other query
   */
  async search(query: string, start: number, limit: number) {
    const messageId = /^message-id:"?([^"\s]+)"?$/.exec(query)?.[1];
    if (messageId === undefined) return undefined;
    const candidates = this.#mails.filter(({ bytes }) => bytes.includes(messageId));
    const mails = await Promise.all(candidates.map((mail) => mail.parse()));
    const found = candidates.filter((_, index) => mails[index]?.messageId?.includes(messageId));
    return this.#page(found, start, limit);
  }

  async #page(found: readonly Mail[], start: number, limit: number) {
    const messages = await Promise.all(found.slice(start, start + limit).map(summary));
    const total = this.#mails.length;
    const counts = { total, unread: total, count: messages.length, messages_count: found.length };
    return { ...counts, start, tags: [], messages };
  }

  /**
   * What `GET /api/v1/message/{ID}` answers, `latest` being the newest; undefined when there is no such mail.
   */
  async find(id: string) {
    const found = id === 'latest' ? this.#mails[0] : this.#mails.find((mail) => mail.id === id);
    return found && details(found);
  }
}

async function summary(mail: Mail) {
  const parsed = await mail.parse();
  const { text = '', attachments } = parsed;
  return {
    ...envelope(mail, parsed),
    Read: false,
    Created: mail.receivedAt.toISOString(),
    Attachments: attachments.length,
    Snippet: text.replaceAll(/\s+/g, ' ').trim().slice(0, 250),
  };
}

async function details(mail: Mail) {
  const parsed = await mail.parse();
  const { text = '', html, date, attachments } = parsed;
  return {
    ...envelope(mail, parsed),
    Date: (date ?? mail.receivedAt).toISOString(),
    Text: text,
    HTML: html === false ? '' : html,
    Inline: [],
    Attachments: attachments.map(({ filename, contentType, size }) => ({
      FileName: filename ?? '',
      ContentType: contentType,
      Size: size,
    })),
  };
}

function envelope({ id, bytes }: Mail, parsed: ParsedMail) {
  return {
    ID: id,
    MessageID: (parsed.messageId ?? '').replace(/^<|>$/g, ''),
    From: people(parsed.from)[0] ?? null,
    To: people(parsed.to),
    Cc: people(parsed.cc),
    Bcc: people(parsed.bcc),
    ReplyTo: people(parsed.replyTo),
    Subject: parsed.subject ?? '',
    Tags: [],
    Size: bytes.length,
  };
}

function people(addresses: AddressObject | AddressObject[] | undefined): Person[] {
  return [addresses ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .map(({ name, address }: EmailAddress) => ({ Name: name, Address: address ?? '' }));
}
