import { offlineAddresses, type Serverless } from './serverless.ts';

const withCustom = (custom: Serverless['service']['custom']) => ({ service: { custom } }) as Serverless;

describe('where serverless-offline listens', () => {
  it('when nothing is set, then on its defaults', () => {
    expect(offlineAddresses(withCustom(undefined), {})).toEqual({
      host: 'localhost',
      httpPort: 3000,
      lambdaPort: 3002,
    });
  });

  it('when serverless.yml and the command line differ, then the command line wins', () => {
    const serverless = withCustom({ 'serverless-offline': { httpPort: 8080, lambdaPort: 3003 } });
    const addresses = offlineAddresses(serverless, { httpPort: '9000', host: '0.0.0.0' });
    expect(addresses).toEqual({ host: '0.0.0.0', httpPort: 9000, lambdaPort: 3003 });
  });
});
