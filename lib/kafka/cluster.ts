import type { Secret } from '../secrets.ts';

/** Where a Kafka cluster is, and who we are there. */
export interface Cluster {
  readonly brokers: readonly string[];
  /**
   * Holds `username` and `password`; with it the connection is by TLS and SASL/SCRAM-SHA-512, as MSK asks
   * for; without, plain.
   */
  readonly login?: Secret | undefined;
}
