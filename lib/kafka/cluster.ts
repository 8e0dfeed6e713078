import type { Secret } from '../secrets.ts';

/** Where a Kafka cluster is, and who we are there. */
export interface Cluster {
  readonly brokers: readonly string[];
  /**
   * Holds `username` and `password`; with it the connection uses TLS and SASL/SCRAM-SHA-512, as MSK requires;
   * without it, plaintext.
   */
  readonly login?: Secret | undefined;
}
