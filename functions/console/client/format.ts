import { signal } from '@preact/signals';
import { language } from './i18n/index.ts';
import { isPaused } from './pause.ts';

/** Whether moments are shown in UTC instead of the browser's zone. */
export const isUtc = signal(false);

/** The time of day in ms since 1970; it advances each second while the tab is visible and not paused. */
export const now = signal(Date.now());

export function startClock(): void {
  setInterval(() => {
    if (!document.hidden && !isPaused.value) now.value = Date.now();
  }, 1_000);
}

/** A moment with its zone, to the millisecond, such as `28 Nov 2026, 10:00:00.123 GMT+9`. */
export function absolute(iso: string): string {
  return new Intl.DateTimeFormat(language.value, {
    year: 'numeric',
    month: language.value === 'ko' ? '2-digit' : 'short', // 2026. 11. 28. is how Korean tables write it
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    timeZoneName: 'short',
    ...(isUtc.value && { timeZone: 'UTC' }),
  }).format(new Date(iso));
}

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago a moment was, such as `3 minutes ago`. */
export function relative(iso: string): string {
  const seconds = (Date.parse(iso) - now.value) / 1_000;
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' });
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return format.format(Math.min(0, Math.round(seconds / size)), unit);
}

export function integer(value: number): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: 0 }).format(value);
}

export function decimal(value: number): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: 2 }).format(value);
}

/** How long the oldest of several has waited, in seconds; 0 when nothing waits. */
export function wait(seconds: number): string {
  return seconds === 0 ? '–' : duration(seconds);
}

/** A span of time in seconds in its largest unit, such as `212 ms`, `3.4 s` or `5 min`. */
export function duration(seconds: number): string {
  const [value, unit] =
    seconds < 1
      ? [seconds * 1_000, 'millisecond']
      : seconds < 120
        ? [seconds, 'second']
        : [seconds / 60, 'minute'];
  const digits = unit === 'second' ? 1 : 0;
  return new Intl.NumberFormat(language.value, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}
