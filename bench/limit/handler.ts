// The packaged handler of an HTTP route, alone in its process behind the same bare HTTP server as in
// create-order.ts. A container runs one invocation at a time, so the load must have one connection. Started
// by the bench with the bundle's path and the route's first event as JSON; ended by a signal.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { LambdaHandler } from '../../lib/function-entry.ts';

const [port, bundle = '', eventJson = '{}'] = process.argv.slice(2);

const { handler } = (await import(pathToFileURL(bundle).href)) as {
  handler: LambdaHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;
};
const event = JSON.parse(eventJson) as APIGatewayProxyEventV2;
const context = { awsRequestId: 'bench', functionName: 'bench' } as Context;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const result = await handler({ ...event, body: await text(request) }, context);
  response.writeHead(result.statusCode ?? 200, result.headers as Record<string, string>);
  response.end(result.body);
}

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(port), '127.0.0.1', () => {
  console.log('handler: listening');
});
process.once('SIGINT', () => process.exit(0));
