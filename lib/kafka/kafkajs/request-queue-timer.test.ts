import { jest } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { checkQueuesOnlyWhileRequestsWait } from './request-queue-timer.ts';

checkQueuesOnlyWhileRequestsWait();

/** The part of kafkajs' queue that a check needs. */
const queueOf = (...pending: unknown[]) => ({
  throttleCheckTimeoutId: null,
  throttledUntil: -1,
  pending,
  checkPendingRequests: jest.fn(),
});

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

it('when no request waits, no check is scheduled', () => {
  RequestQueue.prototype.scheduleCheckPendingRequests.call(queueOf());
  expect(jest.getTimerCount()).toBe(0);
});

it('when a request waits, it is checked once', () => {
  const queue = queueOf('request');
  RequestQueue.prototype.scheduleCheckPendingRequests.call(queue);
  RequestQueue.prototype.scheduleCheckPendingRequests.call(queue);
  jest.runAllTimers();
  expect(queue.checkPendingRequests).toHaveBeenCalledTimes(1);
});
