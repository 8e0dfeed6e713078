import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { duration, now } from '../format.ts';
import { texts } from '../i18n/index.ts';
import type { Polled } from '../poll.ts';

interface PageProps {
  readonly title: string;
  readonly lead?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What every page has: a heading, which is the document's title as well, and room for actions beside it. */
export function Page({ title, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · OpenOrder`;
  }, [title]);
  return (
    <>
      <header class="page-header">
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

/** A part of a page with its own heading. */
export function Section(props: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="card">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

/**
 * Shows a resource: its data; before the first response, that it is loading; after a failure, which part
 * failed, above the previous data.
 */
export function Shown<T>({ of, children }: { of: Polled<T>; children: (data: T) => ComponentChildren }) {
  return (
    <>
      <Trouble of={of} />
      {of.data === undefined
        ? of.error === undefined && <p class="muted loading">{texts.value.loading}</p>
        : children(of.data)}
    </>
  );
}

/** Nothing while all is well. */
export function Trouble({ of: { error, readAt, reload } }: { readonly of: Polled<unknown> }) {
  const { trouble, tryAgain } = texts.value;
  if (error === undefined) return null;
  const age = readAt === undefined ? undefined : duration(Math.max(0, now.value - readAt) / 1_000);
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{trouble.of(partOf(error.path), error.status)}</strong> {error.message}
        {age !== undefined && ` ${trouble.stale(age)}`}
      </p>
      <button type="button" onClick={reload}>
        {tryAgain}
      </button>
    </div>
  );
}

/** Which part of the system answers for a path of the API. */
function partOf(path: string): 'kafka' | 'database' | 'inbox' {
  if (path.startsWith('/api/inbox')) return 'inbox';
  return /^\/api\/(topics|flow)/.test(path) ? 'kafka' : 'database';
}
