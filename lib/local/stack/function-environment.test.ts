import { provideAddresses } from './function-environment.ts';
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

function serverless() {
  const service = {
    provider: { environment: { LEFT: 'alone' } },
    functions: {
      createOrder: { handler: 'functions/order/create-order.handler', environment: { OWN: 'kept' } },
      notFound: { handler: 'functions/not-found.handler' },
    },
  };
  return { service } as unknown as Serverless;
}

describe('the environment of the functions', () => {
  it('when the stack runs, then every function knows where Kafka and the mail server are', () => {
    const { service } = serverless();
    provideAddresses({ service } as Serverless, addresses);
    expect(service.provider.environment).toEqual({
      LEFT: 'alone',
      KAFKA_BROKERS: '127.0.0.1:9092,127.0.0.1:9093',
      KAFKA_SECRET_ARN: '',
      DATABASE_URL: addresses.databaseUrl,
      DATABASE_SECRET_ARN: '',
      SMTP_URL: addresses.smtpUrl,
      MAIL_URL: '',
      AUTH_OPEN: 'laptop',
    });
    expect(service.custom).toMatchObject({
      kafkaEventSourceMapping: { bootstrapServers: addresses.brokers },
    });
  });

  it("when services have logins, then a function gets its own service's, beside what it had", () => {
    const { service } = serverless();
    provideAddresses({ service } as Serverless, { ...addresses, serviceDatabaseUrls });
    expect(service.functions['createOrder']?.environment).toEqual({
      OWN: 'kept',
      DATABASE_URL: serviceDatabaseUrls.order,
    });
    expect(service.functions['notFound']?.environment).toBeUndefined();
  });

  it('when services have no logins, then all use the one URL', () => {
    const { service } = serverless();
    provideAddresses({ service } as Serverless, addresses);
    expect(service.functions['createOrder']?.environment).toEqual({ OWN: 'kept' });
  });

  it('when sign-in is on, then the functions trust the local issuer and are not open', () => {
    const { service } = serverless();
    const callers = localIssuer('http://localhost:8090');
    provideAddresses({ service } as Serverless, { ...addresses, callers });
    expect(service.provider.environment).toMatchObject({ AUTH_ISSUER: 'http://localhost:8090' });
    expect(service.provider.environment).not.toHaveProperty('AUTH_OPEN');
  });

  it('when serverless.yml names an issuer, then the functions keep it, and nothing opens them', () => {
    const { service } = serverless();
    const environment = { AUTH_ISSUER: 'https://issuer.example' };
    service.provider.environment = environment;
    provideAddresses({ service } as Serverless, addresses);
    expect(service.provider.environment).toMatchObject(environment);
    expect(service.provider.environment).not.toHaveProperty('AUTH_OPEN');
  });
});
