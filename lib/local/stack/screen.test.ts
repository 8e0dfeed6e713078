import { localIssuer } from './issuer/callers.ts';
import { startScreen } from './screen.ts';
import type { RunningStack } from './stack.ts';

const addresses = { host: 'localhost', httpPort: 8080, lambdaPort: 3002 };
const embedded: RunningStack = {
  plan: { kafka: 'embedded', postgres: 'embedded', mail: 'embedded' },
  brokers: ['127.0.0.1:9092'],
  kafkaUiUrl: undefined,
  databaseUrl: 'postgres://openorder:openorder@127.0.0.1:54320/openorder',
  serviceDatabaseUrls: {
    order: 'postgres://order@x/x',
    inventory: 'postgres://inventory@x/x',
    notification: 'postgres://notification@x/x',
    'dead-letter': 'postgres://dead-letter@x/x',
  },
  smtpUrl: 'smtp://127.0.0.1:1025',
  mailUrl: 'http://127.0.0.1:8025',
  pids: { kafka: 1, postgres: 2 },
  stop: () => Promise.resolve(),
};

describe('the screen of a start', () => {
  it('when all is embedded, then it says what runs where, and shows a request to try, on one screen', () => {
    const screen = startScreen(embedded, addresses);
    expect(screen.split('\n')[0]).toContain('http://localhost:8080/console');
    expect(screen).toMatch(/Kafka +127\.0\.0\.1:9092 +embedded Apache Kafka/);
    expect(screen).toMatch(
      /PostgreSQL +postgres:\/\/openorder:openorder@127\.0\.0\.1:54320\/openorder +embedded/,
    );
    expect(screen).toContain('http://127.0.0.1:8025/api/v1/messages');
    expect(screen).toContain('curl -X POST http://localhost:8080/api/orders');
    expect(screen).not.toContain('Kafka UI');
    expect(screen.split('\n').length).toBeLessThan(24);
  });

  it('when Docker Compose has brought Kafka up, then Kafka UI is named', () => {
    const screen = startScreen({ ...embedded, kafkaUiUrl: 'http://127.0.0.1:8081' }, addresses);
    expect(screen).toMatch(/Kafka UI +http:\/\/127\.0\.0\.1:8081/);
  });

  it('when sign-in is on, then the issuer is named, and the request to try has a token', () => {
    const screen = startScreen({ ...embedded, callers: localIssuer('http://localhost:8090') }, addresses);
    expect(screen).toMatch(/Sign-in +http:\/\/localhost:8090/);
    expect(screen).toContain('Authorization: Bearer $(npm run -s token -- --user 42)');
    expect(startScreen(embedded, addresses)).not.toContain('token');
  });

  it('when the database is external, then its password is not shown', () => {
    const external = { ...embedded, plan: { ...embedded.plan, postgres: 'external' as const } };
    const screen = startScreen({ ...external, databaseUrl: 'postgres://me:secret@db.example/x' }, addresses);
    expect(screen).toContain('postgres://me:***@db.example/x');
    expect(screen).not.toContain('secret');
  });

  it('when the mail server is external, then no inbox is shown', () => {
    expect(startScreen({ ...embedded, mailUrl: undefined }, addresses)).not.toContain('Mails');
  });

  it('when the services have no logins of their own, says so and why', () => {
    const screen = startScreen({ ...embedded, serviceDatabaseUrls: undefined }, addresses);
    expect(screen).toContain('one login for all services: its user may not create roles');
  });
});
