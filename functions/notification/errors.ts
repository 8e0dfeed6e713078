import { OpenOrderError } from '../../lib/errors.ts';

/** A provider refused a message permanently: a bad address, an expired subscription. */
export class NotificationRefusedError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_REFUSED';
  override readonly disposition = 'permanent';
}

/** A provider did not accept a message in time. */
export class NotificationTimeoutError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_TIMEOUT';
}

/** A provider refused a message temporarily. */
export class NotificationDeferredError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_DEFERRED';
}

/** A customer's address said that it will never accept a message again. */
export class NotificationAddressGoneError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_ADDRESS_GONE';
  override readonly disposition = 'permanent';
}

/** Nobody answers at a customer's address. */
export class NotificationUnreachableError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_UNREACHABLE';
}

/** A provider is down for everyone: unreachable, shutting down, or refusing our credentials. */
export class NotificationProviderUnavailableError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_PROVIDER_UNAVAILABLE';
  override readonly disposition = 'infrastructure';
}

/** Another invocation is sending the message, or ended before it could record that it did. */
export class NotificationClaimedError extends OpenOrderError {
  readonly code = 'OPENORDER_NOTIFICATION_CLAIMED';
  override readonly disposition = 'infrastructure';
}
