import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { BrokerUnavailableError } from '../errors.ts';
import { KafkaRefusedError, toPublishError } from './publish-error.ts';

const answer = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable: false }));

describe('what kafkajs throws when it cannot send', () => {
  it.each([
    ['MESSAGE_TOO_LARGE', 'permanent', /max\.message\.bytes/],
    ['RECORD_LIST_TOO_LARGE', 'permanent', /max\.message\.bytes/],
    ['INVALID_RECORD', 'permanent', /compacted/],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'infrastructure', /Create the topic/],
    ['INVALID_TOPIC_EXCEPTION', 'infrastructure', /name/],
    ['TOPIC_AUTHORIZATION_FAILED', 'infrastructure', /Allow .* write the topic/],
    ['INVALID_TIMESTAMP', 'infrastructure', /clock/],
    ['CLUSTER_AUTHORIZATION_FAILED', 'infrastructure', /IdempotentWrite/],
  ])('when a broker answers %s, names the topic and the cure, and is %s', (type, disposition, cure) => {
    const cause = answer(type);
    expect(toPublishError(cause, ['order.created'])).toMatchObject({
      code: 'OPENORDER_KAFKA_REFUSED',
      reason: type,
      disposition,
      message: expect.stringMatching(cure) as string,
      cause,
    });
    expect(toPublishError(cause, ['order.created']).message).toContain(`order.created: ${type}.`);
  });

  it('when kafkajs gave up after some retries, finds the answer behind its error', () => {
    const cause = new KafkaJSNumberOfRetriesExceeded(answer('UNKNOWN_TOPIC_OR_PARTITION'), {
      retryCount: 2,
      retryTime: 100,
    });
    expect(toPublishError(cause, ['t'])).toBeInstanceOf(KafkaRefusedError);
  });

  it('when the credentials are wrong, says so instead of asking whether the brokers are up', () => {
    const error = toPublishError(Object.assign(new Error('no'), { name: 'KafkaJSSASLAuthenticationError' }), [
      't',
    ]);
    expect(error.message).toMatch(
      /SASL_AUTHENTICATION_FAILED\. Correct the login in the secret that KAFKA_SECRET_ARN names\./,
    );
  });

  it('when a broker answers that it cannot write now, is unavailable and gives its reason', () => {
    const error = toPublishError(answer('NOT_ENOUGH_REPLICAS'), ['t', 'u']);
    expect(error).toBeInstanceOf(BrokerUnavailableError);
    expect(error.message).toContain('for t, u (NOT_ENOUGH_REPLICAS)');
  });

  it('when no broker answers, is unavailable', () => {
    const error = toPublishError(new KafkaJSConnectionError('Connection refused'), ['t']);
    expect(error).toBeInstanceOf(BrokerUnavailableError);
    expect(error.message).toBe('Kafka did not acknowledge the records for t; check that the brokers are up.');
  });
});
