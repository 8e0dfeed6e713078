import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/**
 * kafkajs 2.2.4 wakes a connection every millisecond once it has had a response, since it schedules a check for a moment
 * long past: about 900 wake-ups/s and 5 % of a core for one connection (tulios/kafkajs#1751). This checks only while requests wait.
 */
RequestQueue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests() {
  if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
  const waitMs = Math.max(1, this.throttledUntil - Date.now());
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, waitMs);
};
