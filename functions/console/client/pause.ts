import { signal } from '@preact/signals';

/**
 * Whether the visitor has stopped what updates itself: lists, times and the moving picture of the flow.
 * https://www.w3.org/WAI/WCAG22/Understanding/pause-stop-hide.html
 */
export const isPaused = signal(false);

export function togglePause(): void {
  isPaused.value = !isPaused.value;
}
