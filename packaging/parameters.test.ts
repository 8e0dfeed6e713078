import { complaintsAbout } from './parameters.ts';

/** What a stage needs, all of it right. */
const complete = {
  kafkaBrokers: 'b-1.example:9096,b-2.example:9096',
  kafkaSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_openorder-AbCdEf',
  kafkaKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  subnetIds: 'subnet-0a,subnet-0b',
  securityGroupIds: 'sg-0a',
  authIssuer: 'https://issuer.example',
  authAudience: 'openorder',
  databaseHost: 'openorder.c1x2.eu-west-1.rds.amazonaws.com',
  databaseAdminSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-AbCdEf',
  mailFrom: 'Shop <orders@shop.example>',
};

describe('the parameters of a deployed stage', () => {
  it('when all are given, then there is nothing to complain about', () => {
    expect(complaintsAbout(complete)).toEqual([]);
  });

  it('when a list stands in serverless.yml as a list, then it is as good as one with commas', () => {
    expect(complaintsAbout({ ...complete, subnetIds: ['subnet-0a', 'subnet-0b'] })).toEqual([]);
  });

  it('when none is given, then each is asked for in a sentence of its own', () => {
    const complaints = complaintsAbout({});
    expect(complaints).toHaveLength(Object.keys(complete).length);
    for (const name of Object.keys(complete))
      expect(complaints).toContainEqual(
        expect.stringMatching(new RegExp(`^Give --param="${name}=…": .+\\.$`)),
      );
  });

  it.each([
    ['kafkaBrokers', 'b-1.example'],
    ['kafkaSecretArn', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK'],
    ['kafkaKeyArn', 'alias/openorder'],
    ['subnetIds', 'subnet-0a;subnet-0b'],
    ['databaseHost', 'postgres://openorder.example:5432'],
    ['securityGroupIds', 'default'],
    ['authIssuer', 'http://issuer.example'],
  ])('when %s is %s, then the sentence quotes it and says what it should be', (name, value) => {
    expect(complaintsAbout({ ...complete, [name]: value })).toEqual([
      expect.stringContaining(`--param="${name}=${value}" cannot be right`),
    ]);
  });

  it.each([
    ['kafkaPartitions', '0'],
    ['kafkaPartitions', 1.5],
    ['triggersEnabled', 'no'],
    ['smtpUrl', 'smtps://shop:password@mail.example'],
    ['smtpSecretArn', 'smtp'],
    ['vapidPublicKey', 'short'],
  ])('when %s, which may be left out, is %s, then the sentence says what it should be', (name, value) => {
    expect(complaintsAbout({ ...complete, [name]: value })).toEqual([
      expect.stringContaining(`--param="${name}=${value}" cannot be right`),
    ]);
  });

  it('when a secret itself is given, then it is refused without being shown', () => {
    expect(complaintsAbout({ ...complete, vapidPrivateKey: 'hush' })).toEqual([
      '--param="vapidPrivateKey=…" would leave a secret in the package: keep it in Secrets Manager, and give --param="vapidSecretArn=…".',
    ]);
  });

  it('when a value holds a variable, then it is taken on trust', () => {
    expect(complaintsAbout({ ...complete, kafkaBrokers: '${env:BROKERS}' })).toEqual([]);
  });
});
