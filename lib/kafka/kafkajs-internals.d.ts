declare module 'kafkajs/src/network/requestQueue/index.js' {
  class RequestQueue {
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    throttledUntil: number;
    pending: unknown[];
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(this: RequestQueue): void;
  }
  export default RequestQueue;
}
