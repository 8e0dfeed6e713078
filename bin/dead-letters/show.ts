import type { CauseAnswer, ListAnswer, ShowAnswer } from './answers.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';

/** What failed for the same reason, as a table. */
export function causesTable(causes: readonly CauseAnswer[]): string {
  return table(
    ['COUNT', 'STATUS', 'TOPIC', 'EXCEPTION', 'CAUSE', 'GROUP', 'NEWEST', 'MESSAGE'],
    causes.map((one) => [
      one.count,
      one.status,
      one.originalTopic,
      one.exceptionClass,
      one.causeClass,
      one.consumerGroup,
      one.newest,
      one.message,
    ]),
  );
}

/** Dead letters, one a line. */
export function deadLettersTable(deadLetters: ListAnswer['deadLetters']): string {
  return table(
    ['ID', 'STATUS', 'FAILED AT', 'TOPIC', 'PARTITION', 'OFFSET', 'KEY', 'REDRIVES', 'EXCEPTION', 'MESSAGE'],
    deadLetters.map((one) => [
      one.deadLetterId,
      one.status,
      one.failedAt,
      one.originalTopic,
      one.originalPartition,
      one.originalOffset,
      one.keyText,
      one.redriveCount,
      one.exceptionClass,
      one.message,
    ]),
  );
}

type Found = NonNullable<ShowAnswer>;
type ReadableBytes = Found['key'];

/** One dead letter with all that it holds. */
export function deadLetterText(found: Found): string {
  const { headers, key, value, changedBy, history, ...facts } = found;
  const change =
    changedBy && `${changedBy.action} by ${changedBy.operator} (operation ${changedBy.operationId})`;
  const factLines = Object.entries({ ...facts, changedBy: change })
    .filter(([, fact]) => fact !== null)
    .map(([name, fact]) => `${name.padEnd(18)} ${printable(String(fact))}`);
  const headerLines = headers.map(({ name, ...bytes }) => `  ${printable(name)}: ${bytesText(bytes)}`);
  return [
    ...factLines,
    'history',
    ...history.map(historyLine),
    'headers',
    ...headerLines,
    `key    ${bytesText(key)}`,
    `value  ${jsonText(value)}`,
  ].join('\n');
}

function historyLine({
  at,
  what,
  deadLetterId,
  reason,
  operator,
  consumerGroup,
}: Found['history'][number]): string {
  const words = [`#${deadLetterId}`, reason, operator ?? consumerGroup].filter((word) => word !== null);
  return `  ${at}  ${what.padEnd(9)} ${printable(words.join('  '))}`;
}

function bytesText(bytes: ReadableBytes): string {
  if (bytes === null) return '(null)';
  return 'text' in bytes ? printable(bytes.text) : `(base64) ${bytes.base64}`;
}

/** JSON is laid out for reading; anything else is shown as it is. */
function jsonText(bytes: ReadableBytes): string {
  if (bytes === null || !('text' in bytes)) return bytesText(bytes);
  try {
    return printable(JSON.stringify(JSON.parse(bytes.text), null, 2));
  } catch {
    return bytesText(bytes);
  }
}
