import { confirm, progress as startBar, text } from '@clack/prompts';
import { isTyped } from '../../functions/dead-letter/actions/friction.ts';

/** Shows the progress of a long command. */
interface Progress {
  advance(by: number): void;
  stop(message: string): void;
}

/**
 * Where a command speaks to a person. Results go to stdout, all else to stderr, so that results can be piped.
 */
export interface Terminal {
  /** A result. */
  print(text: string): void;
  /** Anything but a result. */
  tell(text: string): void;
  /**
   * The person's answer, or undefined when there is no person. With a `count` that count has to be typed,
   * since a yes is said too easily.
   */
  ask(question: string, count?: number): Promise<boolean | undefined>;
  progress(message: string, total: number): Progress;
}

export const terminal: Terminal = {
  print: (text) => process.stdout.write(`${text}\n`),
  tell,
  async ask(question, count) {
    if (!process.stdin.isTTY) return undefined;
    if (count !== undefined) {
      const typed = await text({ message: `${question} Type ${count} to go on.`, output: process.stderr });
      return typeof typed === 'string' && isTyped(typed, count);
    }
    return (await confirm({ message: question, output: process.stderr, initialValue: false })) === true;
  },
  progress(message, total) {
    if (!process.stderr.isTTY) return { advance: () => undefined, stop: tell };
    const bar = startBar({ max: total, output: process.stderr });
    bar.start(message);
    return {
      advance: (by) => {
        bar.advance(by);
      },
      stop: (end) => {
        bar.stop(end);
      },
    };
  },
};

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
