import { useState } from 'preact/hooks';
import { texts } from '../i18n/index.ts';
import type { Mail } from '../model.ts';
import { Moment } from './moment.tsx';

/** A mail as its reader sees it, in a frame that may neither run scripts nor load anything. */
export function MailView({ mail }: { readonly mail: Mail }) {
  const { mail: words } = texts.value;
  const [isPhone, setPhone] = useState(false);
  return (
    <article class="mail" aria-label={mail.Subject}>
      <dl class="facts">
        <dt>{words.to}</dt>
        <dd>{mail.To.map(({ Address }) => Address).join(', ')}</dd>
        <dt>{words.subject}</dt>
        <dd>{mail.Subject}</dd>
        <dt>{words.received}</dt>
        <dd>
          <Moment at={mail.Date} />
        </dd>
      </dl>
      <button
        type="button"
        aria-pressed={isPhone}
        onClick={() => {
          setPhone(!isPhone);
        }}
      >
        {words.phoneWidth}
      </button>
      <iframe
        class={isPhone ? 'phone' : ''}
        sandbox=""
        srcdoc={mail.HTML === '' ? asPage(mail.Text) : mail.HTML}
        title={words.frame(mail.Subject)}
      />
    </article>
  );
}

function asPage(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!doctype html><html lang="en"><title>.</title><pre style="white-space:pre-wrap">${escaped}</pre>`;
}
