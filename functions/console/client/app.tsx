import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { isUtc } from './format.ts';
import { language, languages, texts, type Language } from './i18n/index.ts';
import { DeadLettersPage } from './pages/dead-letters.tsx';
import { DeadLetterPage } from './pages/dead-letter.tsx';
import { FlowPage } from './pages/flow.tsx';
import { InboxPage } from './pages/inbox.tsx';
import { JourneyPage } from './pages/journey.tsx';
import { OrdersPage } from './pages/orders.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { RecordPage } from './pages/record.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { StockPage } from './pages/stock.tsx';
import { TopicPage } from './pages/topic.tsx';
import { TopicsPage } from './pages/topics.tsx';
import { Page } from './parts/page.tsx';
import { href, segments, setQuery } from './router.ts';
import { forgetSession, mustSignIn, visitor } from './session.ts';
import { stageSettings } from './settings.ts';
import { theme, themes } from './theme.ts';

export function App() {
  useEffect(() => {
    document.documentElement.lang = language.value;
  });
  return (
    <>
      <a class="skip" href="#content">
        {texts.value.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        {mustSignIn() ? <SignInPage /> : <CurrentPage />}
      </main>
    </>
  );
}

/** The page at an address; a key makes it start afresh when it shows another thing. */
function CurrentPage() {
  const [name = '', ...rest] = segments.value;
  const { operatorsOnly } = texts.value;
  if (!mayOpen(name))
    return (
      <Page title={operatorsOnly.title} lead={operatorsOnly.lead}>
        {null}
      </Page>
    );
  const show = pages[name];
  return show ? show(rest) : <Page title={texts.value.nothingHere}>{null}</Page>;
}

/** Pages for customers, too, who see their own orders there. */
const customerPages: readonly string[] = ['', 'orders'];

function mayOpen(page: string): boolean {
  const { isOperator, userId } = visitor();
  return isOperator || (userId !== undefined && customerPages.includes(page));
}

type ShowPage = (rest: readonly string[]) => JSX.Element;

/** By the first part of the path; what follows it is handed on. */
const pages: Readonly<Record<string, ShowPage | undefined>> = {
  '': () => <OverviewPage />,
  orders: ([id]) => (id === undefined ? <OrdersPage /> : <JourneyPage key={id} orderId={id} />),
  flow: () => <FlowPage />,
  topics: topicPage,
  'dead-letters': ([id]) => (id === undefined ? <DeadLettersPage /> : <DeadLetterPage key={id} id={id} />),
  stock: () => <StockPage />,
  inbox: ([id]) => <InboxPage id={id} />,
};

function topicPage([topic, partition, offset]: readonly string[]) {
  if (topic === undefined) return <TopicsPage />;
  if (partition === undefined || offset === undefined) return <TopicPage key={topic} topic={topic} />;
  return <RecordPage topic={topic} partition={Number(partition)} offset={Number(offset)} />;
}

function Header() {
  const { consoleName } = texts.value;
  return (
    <header class="site">
      <a class="brand" href={href([])}>
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <path d="M4 22h8l8-12h8" class="brand-line" />
          <circle cx="6" cy="22" r="3.5" class="brand-stop" />
          <circle cx="26" cy="10" r="3.5" class="brand-stop" />
        </svg>
        OpenOrder <span class="stage">{stageSettings().stage}</span>
      </a>
      <nav aria-label={consoleName}>
        <Navigation />
      </nav>
      <Preferences />
    </header>
  );
}

function Navigation() {
  const { nav } = texts.value;
  const pages = ['', 'orders', 'flow', 'topics', 'dead-letters', 'stock'] as const;
  const existing = stageSettings().hasInbox ? ([...pages, 'inbox'] as const) : pages;
  const shown = mustSignIn() ? [] : existing.filter(mayOpen);
  const [current = ''] = segments.value;
  return (
    <ul>
      {shown.map((page) => (
        <li key={page}>
          <a href={href(page === '' ? [] : [page])} aria-current={page === current ? 'page' : undefined}>
            {nav[page]}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Preferences() {
  const { preferences } = texts.value;
  return (
    <div class="preferences">
      <button type="button" aria-pressed={isUtc.value} onClick={() => (isUtc.value = !isUtc.value)}>
        UTC
      </button>
      <select
        aria-label={preferences.theme}
        value={theme.value}
        onChange={({ currentTarget }) => (theme.value = currentTarget.value as typeof theme.value)}
      >
        {themes.map((name) => (
          <option key={name} value={name}>
            {preferences.themes[name]}
          </option>
        ))}
      </select>
      <select
        aria-label={preferences.language}
        value={language.value}
        onChange={({ currentTarget }) => {
          setQuery({ lang: currentTarget.value });
        }}
      >
        {(Object.keys(languages) as Language[]).map((name) => (
          <option key={name} value={name} lang={name}>
            {languages[name]}
          </option>
        ))}
      </select>
      {stageSettings().signIn && !mustSignIn() && (
        <button type="button" onClick={forgetSession}>
          {preferences.signOut}
        </button>
      )}
    </div>
  );
}
