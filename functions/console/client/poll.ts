import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get } from './api.ts';
import { isPaused } from './pause.ts';

/** What a page knows about a resource. After a failure the previous data stays, along with the error. */
export interface Polled<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  /** When the data was read, in ms since 1970. */
  readonly readAt: number | undefined;
  readonly reload: () => void;
}

/** Time between two reads in ms: while something is in progress, and otherwise. */
const busyMs = 1_000;
const idleMs = 5_000;

interface State<T> {
  readonly of: string;
  readonly data?: T | undefined;
  readonly error?: ApiError | undefined;
  readonly readAt?: number | undefined;
}

/**
 * Reads a resource repeatedly while it is shown and the tab is visible.
 * @param path undefined while there is nothing to read
 * @param isBusy whether the data says that something is in progress, so that it is worth reading every second
 */
export function usePolled<T>(path: string | undefined, isBusy?: (data: T) => boolean): Polled<T> {
  return usePolling(path ?? '', async () => (path === undefined ? undefined : await get<T>(path)), isBusy);
}

/**
 * The same for whatever a function reads.
 * @param of what is read; its data is forgotten when this changes
 * @param how when this changes, it is read again immediately, and the previous data stays meanwhile
 */
export function usePolling<T>(
  of: string,
  read: () => Promise<T | undefined>,
  isBusy: (data: T) => boolean = () => false,
  how = '',
): Polled<T> {
  const latest = useRef({ read, isBusy });
  latest.current = { read, isBusy };
  const [state, setState] = useState<State<T>>({ of });
  const [round, setRound] = useState(0);
  useEffect(
    () =>
      repeat(async (isShown) => {
        const result = await attempt(latest.current.read);
        if (isShown()) setState((before) => ({ ...(before.of === of && before), ...result, of }));
        return result.data !== undefined && latest.current.isBusy(result.data) ? busyMs : idleMs;
      }),
    [of, how, round],
  );
  const { data, error, readAt }: Omit<State<T>, 'of'> = state.of === of ? state : {};
  const reload = () => {
    setRound((before) => before + 1);
  };
  return { data, error, readAt, reload };
}

/**
 * Runs `work` immediately, and again after the number of ms that it returns, except while the tab is hidden
 * or the visitor has paused it.
 * @returns a function that ends this
 */
function repeat(work: (isShown: () => boolean) => Promise<number>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isShown = true;
  const run = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    const pauseMs = await work(() => isShown);
    clearTimeout(timer);
    if (isShown && !isPaused.peek()) timer = setTimeout(() => void run(), pauseMs);
  };
  const resume = () => {
    if (!isPaused.peek()) void run();
  };
  document.addEventListener('visibilitychange', resume);
  void run();
  const endOfPause = isPaused.subscribe((paused) => {
    if (paused) clearTimeout(timer);
    else if (timer !== undefined) void run();
  });
  return () => {
    isShown = false;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', resume);
    endOfPause();
  };
}

/** A failure leaves out the data, so that the previous data stays. */
async function attempt<T>(read: () => Promise<T>): Promise<Omit<State<T>, 'of'>> {
  try {
    return { data: await read(), error: undefined, readAt: Date.now() };
  } catch (error) {
    return { error: error instanceof ApiError ? error : new ApiError(0, '', String(error)) };
  }
}
