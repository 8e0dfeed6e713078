import { stop as stopEsbuild } from 'esbuild';

/** The part of serverless-esbuild's plugin that is used here. */
export interface Bundler {
  buildCache: Readonly<Record<string, unknown>>;
  bundle(): Promise<void>;
  disposeContexts(): Promise<void>;
}

/** How long the bundler stays after the last build, in ms: one edit is usually followed by others. */
const idleMs = 60_000;

/**
 * Stops the bundler while no source changes: it would keep 500 MB for rebuilds that nobody needs. The next
 * change brings it back. Changes that arrive during a build share one further build, since contexts created
 * concurrently would each cost as much again.
 * @param stop ends esbuild's process
 * @returns a function that stops the bundler immediately
 */
export function endWhenIdle(bundler: Bundler, stop: () => Promise<void> = stopEsbuild): () => Promise<void> {
  const build = bundler.bundle.bind(bundler);
  let timer: NodeJS.Timeout | undefined;
  const end = async () => {
    await bundler.disposeContexts();
    bundler.buildCache = {};
    await stop();
  };
  const sharedBuild = shared(build);
  bundler.bundle = async () => {
    clearTimeout(timer);
    try {
      await sharedBuild();
    } finally {
      clearTimeout(timer);
      timer = setTimeout(() => void end(), idleMs).unref();
    }
  };
  return end;
}

/**
 * Runs `work` one at a time: all callers during a run share one further run, which sees everything that came
 * before it.
 */
function shared(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    const current = work().finally(() => {
      if (running === current) running = undefined;
    });
    return (running = current);
  };
  return () => {
    if (!running) return run();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return run();
      });
    return next;
  };
}
