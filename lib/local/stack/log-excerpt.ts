import { open } from 'node:fs/promises';

/** How much of a log is read, in bytes. */
const tailLength = 64 * 1024;
const longestLine = 300;
const mostLines = 4;

/** A line of a Java stack trace below its message. */
const stackFrame = /^\s+at |^\s*\.\.\. \d+ more$/;
/** How Kafka, Java and PostgreSQL mark what went wrong. */
const complaint = /\b(ERROR|FATAL|PANIC)\b|Exception\b|Error: |^Caused by: /;

/** The end of a file, from `start` (in bytes) at the earliest. */
export async function readFrom(file: string, start: number): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const position = Math.max(start, size - tailLength);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(tailLength), position });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * The lines of a log that say why its program exited: the last complaints, without the stack traces that
 * usually bury them; the last lines of any kind when there is no complaint.
 */
export function excerptOf(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !stackFrame.test(line));
  const complaints = lines.filter((line) => complaint.test(line));
  const telling = complaints.length > 0 ? complaints : lines;
  const distinct = [...new Set(telling)];
  return distinct
    .slice(-mostLines)
    .map((line) => line.slice(0, longestLine))
    .join('\n');
}
