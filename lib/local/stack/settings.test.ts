import { isAbsolute, join } from 'node:path';
import { projectDirectory, readSettings } from './settings.ts';

describe('settings of the local stack', () => {
  it('when nothing is set, then the documented ports and .local are used', () => {
    const settings = readSettings({});
    expect(settings.ports).toEqual({
      kafka: 9092,
      kafkaUi: 8081,
      postgres: 54320,
      smtp: 1025,
      mail: 8025,
      auth: 8090,
    });
    expect(settings.dataDirectory).toBe(join(projectDirectory, '.local'));
    expect([settings.choice, settings.brokers, settings.databaseUrl, settings.smtpUrl]).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('when a variable is set to nothing, then it counts as not set', () => {
    const settings = readSettings({
      KAFKA_BROKERS: ' , ',
      DATABASE_URL: '',
      OPENORDER_STACK: '',
      KAFKA_PORT: '',
    });
    expect([settings.brokers, settings.databaseUrl, settings.choice]).toEqual(Array(3).fill(undefined));
    expect(settings.ports.kafka).toBe(9092);
  });

  it('when several brokers are given, then each is found', () => {
    expect(readSettings({ KAFKA_BROKERS: 'a:9092, b:9092' }).brokers).toEqual(['a:9092', 'b:9092']);
  });

  it('when the data directory is relative, then it is relative to the project', () => {
    const { dataDirectory } = readSettings({ OPENORDER_DATA_DIR: 'data' });
    expect(isAbsolute(dataDirectory)).toBe(true);
    expect(dataDirectory).toBe(join(projectDirectory, 'data'));
  });

  it.each(['0', '65536', '9092.5', 'ninety', '-1'])(
    'when a port is %s, then the error names the variable and the value',
    (port) => {
      expect(() => readSettings({ SMTP_PORT: port })).toThrow(
        `SMTP_PORT must be a port from 1 to 65535, not "${port}"`,
      );
    },
  );

  it('when OPENORDER_AUTH is on or off, then it decides about sign-in, and anything else is refused', () => {
    expect(readSettings({}).requiresSignIn).toBe(false);
    expect(readSettings({ OPENORDER_AUTH: 'off' }).requiresSignIn).toBe(false);
    expect(readSettings({ OPENORDER_AUTH: 'on' }).requiresSignIn).toBe(true);
    expect(() => readSettings({ OPENORDER_AUTH: 'yes' })).toThrow(
      'OPENORDER_AUTH must be on or off, not "yes"',
    );
  });

  it('when OPENORDER_STACK is unknown, then the error says what it may be', () => {
    expect(() => readSettings({ OPENORDER_STACK: 'docker' })).toThrow(
      /embedded, compose or external, not "docker"/,
    );
  });

  it('when origins are trusted, then each is found, with or without a slash at its end', () => {
    const { trustedOrigins } = readSettings({
      OPENORDER_ORIGINS: 'http://localhost:5173, https://shop.test/',
    });
    expect(trustedOrigins).toEqual(['http://localhost:5173', 'https://shop.test']);
    expect(readSettings({}).trustedOrigins).toEqual([]);
  });

  it.each(['localhost:5173', '*', 'http://localhost:5173/app', 'ftp://shop.test', 'null'])(
    'when a trusted origin is %s, then the error says what it may be',
    (origin) => {
      expect(() => readSettings({ OPENORDER_ORIGINS: origin })).toThrow(
        `OPENORDER_ORIGINS must be comma-separated origins, such as http://localhost:5173, not "${origin}"`,
      );
    },
  );
});
