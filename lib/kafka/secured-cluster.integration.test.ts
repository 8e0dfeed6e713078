import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type SecuredKafka, startSecuredKafka } from '../../test/support/secured-kafka.ts';
import { closeClients } from '../local/stack/invoke-local.ts';
import { createTopics } from '../local/stack/kafka-admin.ts';
import { secretOf } from '../secrets.ts';
import { createPublisher } from './publisher.ts';
import { createTopicReader } from './topic-reader.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_openorder-AbCdEf';
const topic = 'secured';
const record = { topic, key: 'k', value: 'v', headers: [] };
const trusted = getCACertificates('default');
let kafka: SecuredKafka;

beforeAll(async () => {
  kafka = await startSecuredKafka({ name: 'openorder', password: 'right' });
  setDefaultCACertificates([...trusted, kafka.certificate]);
  await createTopics(kafka.openBrokers, [topic]);
}, 60_000);
afterAll(async () => {
  await closeClients();
  setDefaultCACertificates(trusted);
  await kafka.stop();
});

/** A login whose password the test may change, as a rotation does. */
function login(password: string) {
  const value = { username: 'openorder', password };
  return { value, secret: secretOf(arn, () => Promise.resolve(JSON.stringify(value))) };
}

describe('a cluster that requires TLS and SCRAM', () => {
  it('when the secret holds the login, then records are written and read', async () => {
    const { secret } = login('right');
    await createPublisher({ brokers: kafka.brokers, login: secret }).publish([record]);
    const reader = createTopicReader({ brokers: kafka.brokers, login: secret });
    expect(await reader.topics()).toEqual([topic]);
  });

  it('when the password was rotated, then a warm container fails at most once and continues with the new one', async () => {
    const { value, secret } = login('wrong');
    const publisher = createPublisher({ brokers: kafka.brokers, login: secret });
    await expect(publisher.publish([record])).rejects.toMatchObject({
      code: 'OPENORDER_KAFKA_REFUSED',
      reason: 'SASL_AUTHENTICATION_FAILED',
      disposition: 'infrastructure',
    });
    value.password = 'right';
    await publisher.publish([record]);
  }, 30_000);

  it("when the broker's certificate is not signed by a trusted authority, then nothing is sent to it", async () => {
    setDefaultCACertificates(trusted);
    const publisher = createPublisher({ brokers: kafka.brokers, login: login('right').secret });
    await expect(publisher.publish([record])).rejects.toMatchObject({ code: 'OPENORDER_BROKER_UNAVAILABLE' });
    setDefaultCACertificates([...trusted, kafka.certificate]);
  }, 30_000);
});
