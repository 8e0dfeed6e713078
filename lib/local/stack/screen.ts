import type { OfflineAddresses } from './serverless.ts';
import type { RunningStack } from './stack.ts';

const kafkaFrom = { embedded: 'embedded Apache Kafka', compose: 'Docker Compose', external: 'KAFKA_BROKERS' };
const postgresFrom = { embedded: 'embedded PostgreSQL', compose: 'Docker Compose', external: 'DATABASE_URL' };
const mailFrom = { embedded: 'kept, never delivered', compose: 'Mailpit', external: 'SMTP_URL' };

/** The one screen that a start prints: what runs where, and a request to try. */
export function startScreen(stack: RunningStack, { host, httpPort, lambdaPort }: OfflineAddresses): string {
  const api = `http://${host}:${httpPort}`;
  const { plan } = stack;
  const rows = [
    ['HTTP', api, ''],
    ['Lambda', `http://${host}:${lambdaPort}`, 'endpoint for any AWS SDK or CLI'],
    ['Kafka', stack.brokers.join(','), kafkaFrom[plan.kafka]],
    ...(stack.kafkaUiUrl ? [['Kafka UI', stack.kafkaUiUrl, '']] : []),
    ['PostgreSQL', withoutPassword(stack), postgresNote(stack)],
    ['SMTP', stack.smtpUrl, mailFrom[plan.mail]],
    ...(stack.mailUrl ? [['Mails', `${stack.mailUrl}/api/v1/messages`, '']] : []),
  ];
  const { AUTH_ISSUER: issuer } = stack.callers ?? {};
  if (issuer) rows.push(['Sign-in', issuer, 'tokens: npm run -s token -- --user 42, or --operator']);
  const width = Math.max(...rows.map(([, where = '']) => where.length)) + 2;
  const order = `{"userId":42,"items":[{"sku":"ABC-001","qty":2}]}`;
  return [
    `OpenOrder is running; watch it at ${api}/console`,
    '',
    ...rows.map(([part = '', where = '', from]) =>
      `  ${part.padEnd(12)}${where.padEnd(width)}${from ?? ''}`.trimEnd(),
    ),
    '',
    'Place an order:',
    `  curl -X POST ${api}/api/orders -H 'Content-Type: application/json' -d '${order}'${issuer ? withToken : ''}`,
    '',
    'Press Ctrl-C to stop.',
  ].join('\n');
}

function postgresNote({ plan, serviceDatabaseUrls }: RunningStack): string {
  const from = postgresFrom[plan.postgres];
  return serviceDatabaseUrls ? from : `${from}; one login for all services: its user may not create roles`;
}

/** Continues the sample request, if it needs a token. */
const withToken = ` \\\n    -H "Authorization: Bearer $(npm run -s token -- --user 42)"`;

/**
 * The password of a local database is no secret and makes the URL useful; that of an external one is not
 * shown.
 */
function withoutPassword({ plan, databaseUrl }: RunningStack): string {
  if (plan.postgres !== 'external') return databaseUrl;
  const url = new URL(databaseUrl);
  if (url.password) url.password = '***';
  return url.href;
}
