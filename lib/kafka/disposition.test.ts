import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import {
  BrokerUnavailableError,
  ConfigurationError,
  DatabaseStatementError,
  DatabaseUnavailableError,
  InvalidRecordError,
} from '../errors.ts';
import { FaultInjectedError } from '../../functions/inventory/errors.ts';
import { dispositionOf } from './disposition.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });
const ring = new Error('a');
ring.cause = new Error('b', { cause: ring });
const ringOfAggregates = new AggregateError([new Error('a')]);
ringOfAggregates.errors.push(ringOfAggregates);

describe('what a failure says about its record', () => {
  it.each<[string, unknown]>([
    ['an invalid record', new InvalidRecordError('x')],
    [
      'an invalid record with an infrastructure cause: the outermost typed error decides',
      new InvalidRecordError('x', { cause: coded('ECONNREFUSED') }),
    ],
  ])('when it is %s, not to retry it', (_, error) => {
    expect(dispositionOf(error)).toBe('permanent');
  });

  it.each<[string, unknown]>([
    ['an injected fault', new FaultInjectedError('x')],
    ['a statement that PostgreSQL refused', new DatabaseStatementError('x', { cause: coded('23505') })],
    ['a bug', new TypeError('x')],
    ['a string', 'ECONNREFUSED'],
    ['undefined', undefined],
    ['null', null],
    ['an error with a code of its own', coded('EACCES')],
    ['a cycle of causes', ring],
    ['an aggregate that holds itself', ringOfAggregates],
    ['an aggregate of defects', new AggregateError([new TypeError('x')])],
    ['a constraint of PostgreSQL', coded('23505')],
    [
      'an error of Kafka that no retry fixes',
      new KafkaJSProtocolError({ type: 'MESSAGE_TOO_LARGE', code: 10, retriable: false } as never),
    ],
  ])('when it is %s, to retry it', (_, error) => {
    expect(dispositionOf(error)).toBe('transient');
  });

  it.each<[string, unknown]>([
    ...[
      'ECONNREFUSED',
      'ECONNRESET',
      'ETIMEDOUT',
      'EPIPE',
      'ENOTFOUND',
      'EAI_AGAIN',
      'UND_ERR_CONNECT_TIMEOUT',
    ].map((code): [string, unknown] => [code, coded(code)]),
    ...['08006', '53300', '57P01', '58030'].map((code): [string, unknown] => [
      `SQLSTATE ${code}`,
      coded(code),
    ]),
    ['an unreachable database', new DatabaseUnavailableError('x')],
    ['an unreachable broker', new BrokerUnavailableError('x')],
    ['a missing setting', new ConfigurationError('x')],
    ['a failed fetch', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') })],
    [
      'a connection error deep in the causes',
      new Error('a', { cause: new Error('b', { cause: coded('ECONNRESET') }) }),
    ],
    [
      'one connection error among others',
      new AggregateError([new TypeError('x'), new DatabaseUnavailableError('y')]),
    ],
    ['a lost connection to Kafka', new KafkaJSConnectionError('x', {})],
    [
      'Kafka given up on after retries',
      new KafkaJSNumberOfRetriesExceeded(new KafkaJSConnectionError('x', {}), {
        retryCount: 5,
        retryTime: 1,
      }),
    ],
  ])('when it is %s, nothing: the invocation fails', (_, error) => {
    expect(dispositionOf(error)).toBe('infrastructure');
  });
});
