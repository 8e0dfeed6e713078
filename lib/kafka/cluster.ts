/** Where a Kafka cluster is, and who we are there. */
export interface Cluster {
  readonly brokers: readonly string[];
  /** With these the connection is by TLS and SASL/SCRAM-SHA-512, as MSK asks for; without, plain. */
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
}
