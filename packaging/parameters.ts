/** What a parameter of a deployed stage is for, and what it looks like. */
interface Parameter {
  /** Completes "Give --param NAME=…: ". */
  readonly meaning: string;
  readonly form: RegExp;
}

const secretArn = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/;

/**
 * What a stage that others can reach cannot do without; docs/aws.md says where each comes from. A secret's
 * ARN ends in six characters of AWS's; without them IAM matches nothing.
 */
const parameters: Readonly<Record<string, Parameter>> = {
  kafkaBrokers: {
    meaning: 'the brokers, as host:port with commas between them',
    form: /^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/,
  },
  kafkaSecretArn: {
    meaning: "the ARN of the secret with the cluster's user name and password",
    form: secretArn,
  },
  kafkaKeyArn: {
    meaning: 'the ARN of the customer key that this secret is encrypted with',
    form: /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/,
  },
  subnetIds: {
    meaning: 'the private subnets from which brokers and database can be reached, with commas between them',
    form: /^subnet-[a-z0-9]+(,subnet-[a-z0-9]+)*$/,
  },
  securityGroupIds: {
    meaning: 'the security groups that brokers and database let in, with commas between them',
    form: /^sg-[a-z0-9]+(,sg-[a-z0-9]+)*$/,
  },
  authIssuer: { meaning: 'whose tokens let a caller in, an https URL', form: /^https:\/\/.+/ },
  authAudience: {
    meaning: 'for whom these tokens must be made, with commas between several',
    form: /^[^\s]+$/,
  },
  databaseHost: {
    meaning: 'the name of the PostgreSQL server, as its certificate has it',
    form: /^[a-z0-9.-]+$/i,
  },
  databaseAdminSecretArn: {
    meaning: 'the ARN of the secret with the user name and password of its administrator',
    form: secretArn,
  },
  mailFrom: { meaning: 'the sender of mails, an identity that SES has verified', form: /@/ },
};

/** What a stage may be given besides: its size, and what each channel that it wants needs. */
const optionalParameters: Readonly<Record<string, Parameter>> = {
  kafkaPartitions: { meaning: 'a whole number above 0', form: /^[1-9]\d{0,5}$/ },
  triggersEnabled: { meaning: 'true or false', form: /^(true|false)$/ },
  smtpUrl: {
    meaning: 'the mail server, as smtps://host:port without a login, which smtpSecretArn names',
    form: /^smtps?:\/\/[^@\s]+$/,
  },
  smtpSecretArn: { meaning: 'the ARN of the secret with its user name and password', form: secretArn },
  smsRegion: { meaning: 'the region whose SNS sends SMS', form: /^[a-z]+(-[a-z]+)+-\d$/ },
  vapidPublicKey: {
    meaning: 'the public key of push notifications, 65 bytes in base64url',
    form: /^[\w-]{87}$/,
  },
  vapidSecretArn: { meaning: 'the ARN of the secret with their privateKey', form: secretArn },
  vapidSubject: { meaning: 'a mailto: or https: URL', form: /^(mailto:|https:\/\/)/ },
};

/** What a package must not hold, and the parameter that names the secret which does. */
const keptOut: Readonly<Record<string, string>> = { vapidPrivateKey: 'vapidSecretArn' };

/**
 * One sentence for each parameter that a stage lacks, or whose value cannot be right.
 * @param given values by name, a list as it is or with commas between its entries; one with a variable is
 *   taken on trust
 */
export function complaintsAbout(given: Readonly<Record<string, unknown>>): string[] {
  const missing = Object.entries(parameters)
    .filter(([name]) => textOf(given[name]) === '')
    .map(([name, { meaning }]) => `Give --param="${name}=…": ${meaning}.`);
  const malformed = Object.entries({ ...parameters, ...optionalParameters }).flatMap(
    ([name, { meaning, form }]) => {
      const value = textOf(given[name]);
      if (value === '' || form.test(value) || value.includes('${')) return [];
      return [`--param="${name}=${value}" cannot be right: it is ${meaning}.`];
    },
  );
  const secrets = Object.entries(keptOut)
    .filter(([name]) => textOf(given[name]) !== '')
    .map(
      ([name, arn]) =>
        `--param="${name}=…" would leave a secret in the package: keep it in Secrets Manager, and give --param="${arn}=…".`,
    );
  return [...missing, ...malformed, ...secrets];
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isText ? String(value) : '';
}
