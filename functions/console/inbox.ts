import { setting } from '../../lib/config.ts';
import { MailboxUnavailableError } from '../../lib/errors.ts';
import { notFound } from '../../lib/http/problem.ts';

/** The laptop's inbox, read by Mailpit's API: https://mailpit.axllent.org/docs/api-v1/view.html */
export interface Inbox {
  /** The content of a path of the API; undefined for a missing mail. @throws MailboxUnavailableError */
  get(path: string): Promise<object | undefined>;
}

/** Longest wait for the inbox, in ms: it runs on the same machine. */
const patienceMs = 2_000;

/** The inbox of this stage. @throws HttpProblem 404 on a stage without one */
export function connectInbox(): Inbox {
  const url = setting('MAIL_URL');
  return {
    get: (path) => {
      if (url === undefined) throw notFound('This stage has no inbox: its mails are delivered.');
      return fetchJson(`${url}/api/v1/${path}`);
    },
  };
}

async function fetchJson(url: string): Promise<object | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    if (response.status === 404) return undefined;
    if (response.ok) return (await response.json()) as object;
    throw new Error(`The inbox answered ${response.status}.`);
  } catch (cause) {
    throw new MailboxUnavailableError('The inbox did not answer; check that the mail server is up.', {
      cause,
    });
  }
}
