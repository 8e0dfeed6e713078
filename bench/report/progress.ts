import { SingleBar } from 'cli-progress';

/** Shows the progress of a long step. */
export interface Step {
  /** @param left how much is still to be done */
  readonly left: (left: number) => void;
  readonly done: () => void;
}

/** Shows a progress bar on a terminal; without one, one line per step. */
export function beginStep(title: string, total: number): Step {
  if (!process.stderr.isTTY) {
    process.stderr.write(`${title}\n`);
    return { left: () => undefined, done: () => undefined };
  }
  const bar = new SingleBar({
    format: `{bar} {percentage} % | ${title} | {duration_formatted}`,
    hideCursor: true,
  });
  bar.start(total, 0);
  return {
    left: (left) => {
      bar.update(Math.max(0, total - left));
    },
    done: () => {
      bar.update(total);
      bar.stop();
    },
  };
}
