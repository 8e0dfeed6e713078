import { OpenOrderError } from '../../lib/errors.ts';

/** A provider refused a message for good: a bad address, a subscription that ended. */
export class NotificationRefusedError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_REFUSED';
  override readonly disposition = 'permanent';
}

/** A provider did not take a message in time. */
export class NotificationTimeoutError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_TIMEOUT';
}

/** A provider refused a message for now. */
export class NotificationDeferredError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_DEFERRED';
}

/** A customer's address said that it will never take a message again. */
export class NotificationAddressGoneError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_ADDRESS_GONE';
  override readonly disposition = 'permanent';
}

/** Nobody answers at a customer's address. */
export class NotificationUnreachableError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_UNREACHABLE';
}

/** A provider is down for everyone: unreachable, closing down, or refusing our credentials. */
export class NotificationProviderUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_PROVIDER_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** Another invocation is sending the message, or ended before it could say that it did. */
export class NotificationClaimedError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_CLAIMED';
  override readonly disposition = 'infrastructure';
}
