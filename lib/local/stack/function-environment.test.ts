import { provideAddresses } from './function-environment.ts';
import type { Addresses } from './invoke-local.ts';
import { localIssuer } from './issuer/callers.ts';
import type { Serverless } from './serverless.ts';

const addresses = {
  brokers: ['127.0.0.1:9092', '127.0.0.1:9093'],
  databaseUrl: 'postgres://admin@127.0.0.1:2/x',
  smtpUrl: 'smtp://127.0.0.1:3',
};
const serviceDatabaseUrls = {
  order: 'postgres://order@127.0.0.1:2/x',
  inventory: 'postgres://inventory@127.0.0.1:2/x',
  notification: 'postgres://notification@127.0.0.1:2/x',
  'dead-letter': 'postgres://dead-letter@127.0.0.1:2/x',
};

/** What serverless.yml gives a function that publishes and knows its callers. */
const declared = {
  OWN: 'kept',
  AUTH_ISSUER: '',
  DATABASE_URL: '',
  DATABASE_SECRET_ARN: 'arn',
  KAFKA_BROKERS: 'broker:1',
  KAFKA_SECRET_ARN: 'arn',
};

function serverless(environment: Readonly<Record<string, string>> = declared) {
  const service = {
    provider: {},
    functions: {
      createOrder: { handler: 'functions/order/create-order.handler', environment },
      notify: { handler: 'functions/notification/notify.handler', environment: { SMTP_URL: '' } },
      notFound: { handler: 'functions/not-found.handler' },
    },
  };
  return { service } as unknown as Serverless;
}

/** What the functions are given on the laptop. */
function provided(given: Partial<Addresses> = {}, environment?: Readonly<Record<string, string>>) {
  const { service } = serverless(environment);
  provideAddresses({ service } as Serverless, { ...addresses, ...given });
  return (key: string) => service.functions[key]?.environment;
}

describe('the environment of the functions', () => {
  it('when the stack runs, then a function gets the addresses that it has settings for, and is open', () => {
    const environmentOf = provided();
    expect(environmentOf('createOrder')).toEqual({
      OWN: 'kept',
      KAFKA_BROKERS: '127.0.0.1:9092,127.0.0.1:9093',
      KAFKA_SECRET_ARN: '',
      DATABASE_URL: addresses.databaseUrl,
      DATABASE_SECRET_ARN: '',
      AUTH_ISSUER: '',
      AUTH_OPEN: 'laptop',
    });
    expect(environmentOf('notify')).toEqual({ SMTP_URL: addresses.smtpUrl });
    expect(environmentOf('notFound')).toBeUndefined();
  });

  it('when the stack runs, then the triggers read from its brokers', () => {
    const { service } = serverless();
    provideAddresses({ service } as Serverless, addresses);
    expect(service.custom).toMatchObject({
      kafkaEventSourceMapping: { bootstrapServers: addresses.brokers },
    });
  });

  it("when services have logins, then a function gets its own service's", () => {
    const environmentOf = provided({ serviceDatabaseUrls });
    expect(environmentOf('createOrder')).toMatchObject({ DATABASE_URL: serviceDatabaseUrls.order });
    expect(environmentOf('notify')).not.toHaveProperty('DATABASE_URL');
  });

  it('when sign-in is on, then the functions trust the local issuer and are not open', () => {
    const environment = provided({ callers: localIssuer('http://localhost:8090') })('createOrder');
    expect(environment).toMatchObject({ AUTH_ISSUER: 'http://localhost:8090' });
    expect(environment).not.toHaveProperty('AUTH_OPEN');
  });

  it('when serverless.yml names an issuer, then the functions keep it, and nothing opens them', () => {
    const named = { AUTH_ISSUER: 'https://issuer.example' };
    const environment = provided({}, named)('createOrder');
    expect(environment).toEqual(named);
  });
});
