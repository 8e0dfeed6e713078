/**
 * What a handler file requires of the environment when it is loaded; nothing listens at these addresses, so
 * an accidental connection fails.
 */
export function environment(): void {
  process.env['KAFKA_BROKERS'] ??= '127.0.0.1:1';
  process.env['DATABASE_URL'] ??= 'postgresql://127.0.0.1:1/nowhere';
  process.env['SMTP_URL'] ??= 'smtp://127.0.0.1:1';
  process.env['AWS_LAMBDA_FUNCTION_NAME'] ??= 'openorder-test';
}
