import { confirm, progress as startBar } from '@clack/prompts';

/** Shows how far a long command is. */
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
  /** The person's answer, or undefined when there is no person. */
  ask(question: string): Promise<boolean | undefined>;
  progress(message: string, total: number): Progress;
}

export const terminal: Terminal = {
  print: (text) => process.stdout.write(`${text}\n`),
  tell,
  async ask(question) {
    if (!process.stdin.isTTY) return undefined;
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
