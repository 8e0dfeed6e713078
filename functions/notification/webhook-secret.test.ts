import { createHmac } from 'node:crypto';
import { newWebhookSecret, signatureBy } from './webhook-secret.ts';

/**
 * The example of the specification's reference libraries.
 * https://github.com/standard-webhooks/standard-webhooks
 */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const content = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

describe('the secret of a webhook', () => {
  it('when created, is 32 bytes in base64 after whsec_, a different one each time', () => {
    const secrets = Array.from({ length: 100 }, newWebhookSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const one of secrets) {
      expect(one).toMatch(/^whsec_/);
      expect(Buffer.from(one.slice('whsec_'.length), 'base64')).toHaveLength(32);
    }
  });

  it('when it signs, the signature is the one that other libraries compute', () => {
    expect(signatureBy([secret], content)).toBe(signature);
  });

  it('when there are two, both sign', () => {
    const other = newWebhookSecret();
    const key = Buffer.from(other.slice('whsec_'.length), 'base64');
    const otherSignature = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
    expect(signatureBy([other, secret], content)).toBe(`${otherSignature} ${signature}`);
  });
});
