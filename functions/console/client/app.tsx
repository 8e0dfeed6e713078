import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { language, texts } from './i18n/index.ts';
import { DeadLettersPage } from './pages/dead-letters.tsx';
import { DeadLetterPage } from './pages/dead-letter.tsx';
import { FlowPage } from './pages/flow.tsx';
import { InboxPage } from './pages/inbox.tsx';
import { JourneyPage } from './pages/journey.tsx';
import { OperationPage } from './pages/operation.tsx';
import { OperationsPage } from './pages/operations.tsx';
import { OrdersPage } from './pages/orders.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { RecordPage } from './pages/record.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { StockPage } from './pages/stock.tsx';
import { TopicPage } from './pages/topic.tsx';
import { TopicsPage } from './pages/topics.tsx';
import { Header } from './parts/header.tsx';
import { Page } from './parts/page.tsx';
import { ShortcutHelp } from './parts/shortcut-help.tsx';
import { segments } from './router.ts';
import { mayOpen, mustSignIn } from './session.ts';

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
      <ShortcutHelp />
    </>
  );
}

/** The page at an address; a key makes it start afresh when it shows something else. */
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

type ShowPage = (rest: readonly string[]) => JSX.Element;

/** By the first part of the path; the rest is passed on. */
const pages: Readonly<Record<string, ShowPage | undefined>> = {
  '': () => <OverviewPage />,
  orders: ([id]) => (id === undefined ? <OrdersPage /> : <JourneyPage key={id} orderId={id} />),
  flow: () => <FlowPage />,
  topics: topicPage,
  'dead-letters': ([id]) => (id === undefined ? <DeadLettersPage /> : <DeadLetterPage key={id} id={id} />),
  operations: ([id]) => (id === undefined ? <OperationsPage /> : <OperationPage key={id} id={id} />),
  stock: () => <StockPage />,
  inbox: ([id]) => <InboxPage id={id} />,
};

function topicPage([topic, partition, offset]: readonly string[]) {
  if (topic === undefined) return <TopicsPage />;
  if (partition === undefined || offset === undefined) return <TopicPage key={topic} topic={topic} />;
  return <RecordPage topic={topic} partition={Number(partition)} offset={Number(offset)} />;
}
