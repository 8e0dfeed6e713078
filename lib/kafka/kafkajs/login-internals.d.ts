declare module 'kafkajs/src/broker/saslAuthenticator/scram512.js' {
  import type { Authenticator, AuthenticationProviderArgs } from 'kafkajs';
  /** SASL/SCRAM-SHA-512 with one login: https://www.rfc-editor.org/rfc/rfc5802 */
  export default function scram512(login: {
    username: string;
    password: string;
  }): (connection: AuthenticationProviderArgs) => Authenticator;
}
