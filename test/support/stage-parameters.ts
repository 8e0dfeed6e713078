/** Everything that a stage that others can reach must be given; none of it exists. */
export const stageParameters = {
  kafkaBrokers: 'broker-1.example:9096,broker-2.example:9096',
  kafkaSecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_orders-AbCdEf',
  kafkaKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  subnetIds: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  securityGroupIds: 'sg-0123456789abcdef0',
  authIssuer: 'https://issuer.example',
  authAudience: 'orders,console',
  databaseHost: 'database.c1x2.us-east-1.rds.amazonaws.com',
  databaseAdminSecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-AbCdEf',
  mailFrom: 'Shop <orders@shop.example>',
};

/** The options of `serverless` that give these parameters; an empty one is left out. */
export function parameterOptions(parameters: Readonly<Record<string, string>>): string[] {
  return Object.entries(parameters).flatMap(([name, value]) =>
    value === '' ? [] : [`--param=${name}=${value}`],
  );
}
