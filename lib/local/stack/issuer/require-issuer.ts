import { StackError } from '../errors.ts';
import type { Serverless } from '../serverless.ts';

/**
 * A stage that others can reach must say whose tokens let a caller in. Without it the functions would refuse every request.
 * @throws StackError `ISSUER_MISSING`
 */
export function requireIssuer(serverless: Serverless): void {
  const stage = serverless.getProvider('aws').getStage();
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = serverless.service.provider.environment ?? {};
  if (stage === 'local' || (issuer && audience)) return;
  throw new StackError(
    'ISSUER_MISSING',
    `Stage ${stage} must say whose tokens let a caller in: give --param authIssuer=https://… and --param authAudience=…, or set both in serverless.yml (docs/aws.md).`,
  );
}
