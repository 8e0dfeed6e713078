import type { JWTPayload } from 'jose';
import { type SigningKey, signedToken } from '../support/tokens.ts';

/** The value of `Authorization` for a caller with these claims. */
export async function bearer(key: SigningKey, claims: JWTPayload): Promise<string> {
  return `Bearer ${await signedToken(key, claims)}`;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function request(
  method: string,
  path: string,
  authorization: string,
  pathParameters: Readonly<Record<string, string>> = {},
  body?: object,
) {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: { authorization, 'content-type': 'application/json' } as Readonly<Record<string, string>>,
    pathParameters,
    requestContext: { http: { method, path } },
    isBase64Encoded: false,
    ...(body && { body: JSON.stringify(body) }),
  };
}
