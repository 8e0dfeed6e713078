import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/**
 * Makes every connection of the process check its queue only while requests wait in it. kafkajs schedules the
 * next check for a time long past, so a connection that has had one response wakes up every millisecond:
 * about 900 wake-ups/s and 5 % of a core (tulios/kafkajs#1751).
 */
export function checkQueuesOnlyWhileRequestsWait(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests() {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const waitMs = Math.max(1, this.throttledUntil - Date.now());
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, waitMs);
  };
}
