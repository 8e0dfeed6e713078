import { stop as stopEsbuild } from 'esbuild';

/**
 * What is used of serverless-esbuild's plugin, which keeps one esbuild context per function to build it
 * again.
 */
export interface Bundler {
  buildCache: Readonly<Record<string, unknown>>;
  bundle(): Promise<void>;
  disposeContexts(): Promise<void>;
}

/** How long the bundler stays after the last build, in ms: edits rarely come alone. */
const idleMs = 60_000;

/**
 * Ends the bundler while no source changes: it would keep 500 MB for rebuilds that are not needed. The next
 * change brings it back. Changes that arrive during a build share one further build, since contexts made side
 * by side would each cost as much again.
 * @param stop ends esbuild's process
 * @returns what ends the bundler at once
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
 * Runs `work` one at a time: whoever calls while it runs shares one further run, which sees everything that
 * came before it.
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
