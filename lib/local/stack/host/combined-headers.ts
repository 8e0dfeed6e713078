/**
 * Combines headers of one name with commas, as API Gateway does; serverless-offline would pass on only the
 * last one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @param rawHeaders alternating names and values, as Node received them
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
