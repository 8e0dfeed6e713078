import type { Service } from './serverless.ts';
import { readOfflineOptions, readSettings } from './settings.ts';

const service = (custom?: Record<string, unknown>): Service =>
  ({ service: 's', provider: {}, custom }) as unknown as Service;

it('when nothing is set, the endpoint is the default of serverless-offline', () => {
  expect(readOfflineOptions(service(), {})).toEqual({
    lambdaEndpoint: 'http://localhost:3002',
    noTimeout: false,
    reloadHandler: false,
    useDocker: false,
    useInProcess: false,
  });
});

it('when options are set in both places, the command line wins', () => {
  const custom = {
    'serverless-offline': { host: '127.0.0.1', lambdaPort: 4002, reloadHandler: true, httpsProtocol: 'x' },
  };
  expect(readOfflineOptions(service(custom), { lambdaPort: '5002' })).toMatchObject({
    lambdaEndpoint: 'http://127.0.0.1:5002',
    reloadHandler: true,
  });
});

it.each([
  ['0.0.0.0', 'http://127.0.0.1:3002'],
  ['::', 'http://[::1]:3002'],
  ['::1', 'http://[::1]:3002'],
])('when the host is %s, the endpoint is reachable', (host, endpoint) => {
  expect(readOfflineOptions(service(), { host }).lambdaEndpoint).toBe(endpoint);
});

it('when the service has no settings, the result is empty', () => {
  expect(readSettings(service())).toEqual({});
  expect(readSettings(service({ kafkaEventSourceMapping: { bootstrapServers: ['b:1'] } }))).toEqual({
    bootstrapServers: ['b:1'],
  });
});
