import type { Mechanism } from 'kafkajs';
import scram512 from 'kafkajs/src/broker/saslAuthenticator/scram512.js';
import type { Secret } from '../../secrets.ts';

/**
 * Connection settings for a cluster that requires TLS and SASL/SCRAM-SHA-512; without a login, none.
 */
export function security(login: Secret | undefined): { ssl?: true; sasl?: Mechanism } {
  return login ? { ssl: true, sasl: scramLogin(login) } : {};
}

/**
 * Logs in with what the secret holds at that moment: kafkajs itself takes a login once, for all later
 * connections. A refused login is forgotten, since it has probably been rotated.
 */
function scramLogin(login: Secret): Mechanism {
  return {
    mechanism: 'scram-sha-512',
    authenticationProvider: (connection) => ({
      async authenticate() {
        const { username = '', password = '' } = await login.read();
        try {
          await scram512({ username, password })(connection).authenticate();
        } catch (error) {
          login.forget();
          throw error;
        }
      },
    }),
  };
}
