import { randomUUID } from 'node:crypto';
import type { AddressObject, EmailAddress, ParsedMail } from 'mailparser';

/** Mails kept; the oldest are dropped beyond that. */
const capacity = 10_000;

interface Mail {
  readonly id: string;
  readonly receivedAt: Date;
  readonly size: number;
  readonly mail: ParsedMail;
}

interface Person {
  readonly Name: string;
  readonly Address: string;
}

/**
 * The mails that were received, newest first, described as Mailpit does:
 * https://mailpit.axllent.org/docs/api-v1/view.html
 */
export class Inbox {
  readonly #mails: Mail[] = [];

  /** @param size of the mail as received, in bytes */
  add(mail: ParsedMail, size: number): void {
    this.#mails.unshift({ id: randomUUID(), receivedAt: new Date(), size, mail });
    this.#mails.length = Math.min(this.#mails.length, capacity);
  }

  /** What `GET /api/v1/messages` answers. */
  list(start: number, limit: number) {
    return this.#page(this.#mails, start, limit);
  }

  /**
   * What `GET /api/v1/search` answers, of whose language only `message-id:TEXT` is known:
   * https://mailpit.axllent.org/docs/usage/search-filters/
   * @returns undefined for another query
   */
  search(query: string, start: number, limit: number) {
    const messageId = /^message-id:"?([^"\s]+)"?$/.exec(query)?.[1];
    if (messageId === undefined) return undefined;
    const found = this.#mails.filter(({ mail }) => mail.messageId?.includes(messageId));
    return this.#page(found, start, limit);
  }

  #page(found: readonly Mail[], start: number, limit: number) {
    const messages = found.slice(start, start + limit).map(summary);
    const total = this.#mails.length;
    const counts = { total, unread: total, count: messages.length, messages_count: found.length };
    return { ...counts, start, tags: [], messages };
  }

  /**
   * What `GET /api/v1/message/{ID}` answers, `latest` being the newest; undefined when there is no such mail.
   */
  find(id: string) {
    const found = id === 'latest' ? this.#mails[0] : this.#mails.find((mail) => mail.id === id);
    return found && details(found);
  }
}

function summary(mail: Mail) {
  const { text = '', attachments } = mail.mail;
  return {
    ...envelope(mail),
    Read: false,
    Created: mail.receivedAt.toISOString(),
    Attachments: attachments.length,
    Snippet: text.replaceAll(/\s+/g, ' ').trim().slice(0, 250),
  };
}

function details(mail: Mail) {
  const { text = '', html, date } = mail.mail;
  return {
    ...envelope(mail),
    Date: (date ?? mail.receivedAt).toISOString(),
    Text: text,
    HTML: html === false ? '' : html,
    Inline: [],
    Attachments: mail.mail.attachments.map(({ filename, contentType, size }) => ({
      FileName: filename ?? '',
      ContentType: contentType,
      Size: size,
    })),
  };
}

function envelope({ id, size, mail }: Mail) {
  return {
    ID: id,
    MessageID: (mail.messageId ?? '').replace(/^<|>$/g, ''),
    From: people(mail.from)[0] ?? null,
    To: people(mail.to),
    Cc: people(mail.cc),
    Bcc: people(mail.bcc),
    ReplyTo: people(mail.replyTo),
    Subject: mail.subject ?? '',
    Tags: [],
    Size: size,
  };
}

function people(addresses: AddressObject | AddressObject[] | undefined): Person[] {
  return [addresses ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .map(({ name, address }: EmailAddress) => ({ Name: name, Address: address ?? '' }));
}
