import { useEffect, useState } from 'preact/hooks';
import { ApiError, get } from './api.ts';

/** What a page knows of a resource. After a failure the data of before stays, with the error beside it. */
export interface Polled<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  /** When the data was read, in ms since 1970. */
  readonly readAt: number | undefined;
  readonly reload: () => void;
}

/** Time between two reads in ms: while something is under way, and otherwise. */
const busyMs = 1_000;
const idleMs = 5_000;

interface State<T> {
  readonly of: string;
  readonly data?: T | undefined;
  readonly error?: ApiError | undefined;
  readonly readAt?: number | undefined;
}

/**
 * Reads a resource again and again for as long as it is shown and the tab can be seen.
 * @param path undefined while there is nothing to read
 * @param isBusy whether the data says that something is under way, so that it is worth asking each second
 */
export function usePolled<T>(path: string | undefined, isBusy?: (data: T) => boolean): Polled<T> {
  return usePolling(path ?? '', async () => (path === undefined ? undefined : await get<T>(path)), isBusy);
}

/** The same for several resources of one kind, in their order. */
export function usePolledAll<T>(paths: readonly string[], isBusy?: () => boolean): Polled<readonly T[]> {
  return usePolling(paths.join(' '), () => Promise.all(paths.map((path) => get<T>(path))), isBusy);
}

function usePolling<T>(
  of: string,
  read: () => Promise<T | undefined>,
  isBusy: (data: T) => boolean = () => false,
): Polled<T> {
  const [state, setState] = useState<State<T>>({ of });
  const [round, setRound] = useState(0);
  useEffect(
    () =>
      repeat(async (isShown) => {
        const result = await attempt(read);
        if (isShown()) setState((before) => ({ ...(before.of === of && before), ...result, of }));
        return result.data !== undefined && isBusy(result.data) ? busyMs : idleMs;
      }),
    [of, round],
  );
  const { data, error, readAt }: Omit<State<T>, 'of'> = state.of === of ? state : {};
  const reload = () => {
    setRound((before) => before + 1);
  };
  return { data, error, readAt, reload };
}

/**
 * Runs `work` at once and again after as many ms as it says, except while the tab is hidden.
 * @returns how to end that
 */
function repeat(work: (isShown: () => boolean) => Promise<number>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isShown = true;
  const run = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    const pauseMs = await work(() => isShown);
    clearTimeout(timer);
    if (isShown) timer = setTimeout(() => void run(), pauseMs);
  };
  const resume = () => void run();
  document.addEventListener('visibilitychange', resume);
  void run();
  return () => {
    isShown = false;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', resume);
  };
}

/** A failure leaves out the data, so that what was read before stays. */
async function attempt<T>(read: () => Promise<T>): Promise<Omit<State<T>, 'of'>> {
  try {
    return { data: await read(), error: undefined, readAt: Date.now() };
  } catch (error) {
    return { error: error instanceof ApiError ? error : new ApiError(0, '', String(error)) };
  }
}
