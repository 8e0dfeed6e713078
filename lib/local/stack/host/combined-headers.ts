/**
 * Combines headers of one name with commas, as API Gateway does; serverless-offline would hand on the last
 * one only.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @param rawHeaders names and values in turn, as Node received them
 */
export function combinedHeaders(rawHeaders: readonly string[]): string[] {
  const combined = new Map<string, [name: string, value: string]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const earlier = combined.get(name.toLowerCase());
    combined.set(name.toLowerCase(), earlier ? [earlier[0], `${earlier[1]},${value}`] : [name, value]);
  }
  return [...combined.values()].flat();
}
