import { texts } from '../i18n/index.ts';
import type { Mail, Mails } from '../model.ts';
import { MailView } from '../parts/mail-view.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page, Shown } from '../parts/page.tsx';
import { usePolled } from '../poll.ts';
import { href } from '../router.ts';

/** The local mails, and one of them beside the list. */
export function InboxPage({ id }: { readonly id: string | undefined }) {
  const { inboxPage, nav } = texts.value;
  const mails = usePolled<Mails>('/api/inbox?limit=100');
  return (
    <Page title={nav.inbox} lead={inboxPage.lead}>
      <Shown of={mails}>
        {({ messages }) =>
          messages.length === 0 ? (
            <p>
              {inboxPage.empty} <a href={href([])}>{inboxPage.placeOne}</a>
            </p>
          ) : (
            <div class="inbox">
              <MailList mails={messages} selected={id ?? messages[0]?.ID} />
              <Selected id={id ?? messages[0]?.ID} />
            </div>
          )
        }
      </Shown>
    </Page>
  );
}

interface MailListProps {
  readonly mails: Mails['messages'];
  readonly selected: string | undefined;
}

function MailList({ mails, selected }: MailListProps) {
  return (
    <ul class="mails" aria-label={texts.value.nav.inbox}>
      {mails.map(({ ID, Subject, To, Created }) => (
        <li key={ID}>
          <a href={href(['inbox', ID])} aria-current={ID === selected ? 'true' : undefined}>
            <strong>{Subject}</strong>
            <span>{To.map(({ Address }) => Address).join(', ')}</span>
            <Moment at={Created} />
          </a>
        </li>
      ))}
    </ul>
  );
}

function Selected({ id }: { readonly id: string | undefined }) {
  const mail = usePolled<Mail>(id === undefined ? undefined : `/api/inbox/${encodeURIComponent(id)}`);
  return (
    <div class="selected-mail">
      <Shown of={mail}>{(data) => <MailView mail={data} />}</Shown>
    </div>
  );
}
