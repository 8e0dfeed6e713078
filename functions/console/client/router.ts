import { computed, signal } from '@preact/signals';

/** Where the browser is; everything that a page shows follows from it. */
const address = signal(new URL(location.href));

/** The path beneath `/console`, without a slash at the end; the overview's is empty. */
const path = computed(() => address.value.pathname.replace(/^\/console/, '').replace(/\/$/, ''));

/** The parts of the path, decoded. */
export const segments = computed(() => path.value.split('/').slice(1).map(decodeURIComponent));

export const query = computed(() => address.value.searchParams);

type Parameters = Readonly<Record<string, string | number | null | undefined>>;

/** The address of a page, in the language of this one; parameters without a value are left out. */
export function href(parts: readonly (string | number)[], parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  assign(search, { lang: query.value.get('lang'), ...parameters });
  const pathname = ['/console', ...parts.map((part) => encodeURIComponent(part))].join('/');
  return search.size === 0 ? pathname : `${pathname}?${search.toString()}`;
}

/** Goes to a page without reloading the document. */
export function navigate(to: string): void {
  history.pushState(null, '', to);
  arrive();
  scrollTo(0, 0);
  document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
}

/** Replaces the current address, so that the back button does not lead to it. */
export function replaceAddress(to: string): void {
  history.replaceState(null, '', to);
  arrive();
}

/** Changes parameters of the current page; one without a value is removed. */
export function setQuery(changes: Parameters): void {
  const url = new URL(address.value);
  assign(url.searchParams, changes);
  history.pushState(null, '', url);
  arrive();
}

function assign(search: URLSearchParams, parameters: Parameters): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null || value === '') search.delete(name);
    else search.set(name, String(value));
  }
}

/** Follows links within the console, and the browser's back and forward. */
export function startRouter(): void {
  addEventListener('popstate', arrive);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || isForBrowser(event, link)) return;
    event.preventDefault();
    navigate(link.href);
  });
}

function arrive(): void {
  address.value = new URL(location.href);
}

/** Links to other sites and within a page, and clicks that open another tab. */
function isForBrowser(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const isOfConsole = link.origin === location.origin && /^\/console(\/|$)/.test(link.pathname);
  return !isOfConsole || opensElsewhere(event) || link.getAttribute('href')?.startsWith('#') === true;
}

function opensElsewhere({ button, metaKey, ctrlKey, shiftKey, defaultPrevented }: MouseEvent): boolean {
  return button !== 0 || metaKey || ctrlKey || shiftKey || defaultPrevented;
}
