import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { functionEntry, type LambdaHandler } from '../../../lib/function-entry.ts';
import type { Caller, Scope } from '../../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../../lib/http/http-function.ts';
import { conflict, type HttpProblem, invalidFields, notFound } from '../../../lib/http/problem.ts';
import { type HttpRequest, readBody, readQuery } from '../../../lib/http/request.ts';
import type { Invocation } from '../../../lib/kafka/failures.ts';
import {
  InvalidRequestError,
  NotUndoableError,
  OperationOverError,
  PreviewOutdatedError,
} from '../errors.ts';
import { type Source, sources } from '../operation.ts';

/**
 * What an operator asks for. The payload of a direct invocation is one as it is; null means that there is no
 * such thing.
 */
type Command<Result> = (payload: unknown, invocation: Invocation) => Promise<Result>;

/**
 * Where an HTTP request holds the command's payload, and what is answered when the command does not
 * understand it.
 */
interface PayloadSource {
  read(request: HttpRequest, caller: Caller): object;
  refuse(error: InvalidRequestError): HttpProblem;
}

interface OperatorRoute {
  readonly scopes: readonly [Scope, ...Scope[]];
  readonly payload: PayloadSource;
}

/** By HTTP a redrive does one step: API Gateway waits for 30 s, and its client continues by `nextCursor`. */
const oneStep: Invocation = { remainingMs: () => 0 };

/**
 * A function that operators reach in two ways: by direct invocation, which IAM guards, and by an HTTP route
 * with a token. What it is asked and what it answers are the same. API Gateway makes the event of a route, so
 * no HTTP request can pass for an invocation.
 */
export function operatorFunction<Result>(
  { scopes, payload }: OperatorRoute,
  command: Command<Result>,
): LambdaHandler<unknown, unknown> {
  const overHttp = httpFunction({ scopes }, answerOverHttp(payload, command));
  const invoked = functionEntry((event: unknown, context) =>
    command(event, { remainingMs: () => context.getRemainingTimeInMillis() }),
  );
  return (event, context) => (isHttpEvent(event) ? overHttp(event, context) : invoked(event, context));
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function isHttpEvent(event: unknown): event is APIGatewayProxyEventV2 {
  const context = (event as { requestContext?: { http?: unknown } } | null | undefined)?.requestContext;
  return context?.http !== undefined;
}

function answerOverHttp<Result>(payload: PayloadSource, command: Command<Result>) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    try {
      const body = await command(payload.read(request, caller), oneStep);
      if (body === null) throw notFound('There is nothing with this id.');
      return { status: 200, body };
    } catch (error) {
      if (error instanceof InvalidRequestError) throw payload.refuse(error);
      throw conflictOf(error) ?? error;
    }
  };
}

/** What the state of dead letters and operations forbids. */
function conflictOf(error: unknown): HttpProblem | undefined {
  if (error instanceof NotUndoableError) return conflict('not-undoable', error.message);
  if (error instanceof OperationOverError) return conflict('operation-over', error.message);
  if (!(error instanceof PreviewOutdatedError)) return undefined;
  return conflict('preview-outdated', error.message, { preview: error.preview });
}

/** Query parameters; `ids` and `limit` are numbers, several ids have commas between. */
export const fromQuery: PayloadSource = {
  read: (request) => {
    const { ids, limit, ...rest } = readQuery(request, v.record(v.string(), v.optional(v.string())));
    return {
      ...rest,
      ...(ids !== undefined && { ids: ids.split(',').map(toNumber) }),
      ...(limit !== undefined && { limit: toNumber(limit) }),
    };
  },
  refuse: ({ fields }) =>
    invalidFields(fields.map(({ path, detail }) => ({ pointer: path[0] ?? '', detail }))),
};

/** The JSON body; the verified caller is the operator, whatever the body says. */
export const fromBody: PayloadSource = {
  read: (request, caller) => {
    const body = readBody(request, v.record(v.string(), v.unknown()));
    if ('operator' in body) throw invalidFields([{ pointer: '/operator', detail: 'is who the token names' }]);
    if ('source' in body) throw invalidFields([{ pointer: '/source', detail: 'is what the header says' }]);
    return { ...body, operator: operatorOf(caller), source: sourceOf(request) };
  },
  refuse: ({ fields }) =>
    invalidFields(
      fields.map(({ path, detail }) => ({ pointer: path.map((key) => `/${key}`).join(''), detail })),
    ),
};

/** A dead letter's number in the path, and in the query how much of it is shown. */
export const deadLetterInPath: PayloadSource = {
  read: ({ pathParameters, queryStringParameters }) => ({
    ...queryStringParameters,
    id: toNumber(pathParameters?.['id'] ?? ''),
  }),
  refuse: (error) =>
    isAboutId(error) ? notFound('There is no dead letter with this id.') : fromQuery.refuse(error),
};

/** An operation's id in the path. */
export const operationInPath: PayloadSource = {
  read: (request, caller) => ({
    id: request.pathParameters?.['id'],
    operator: operatorOf(caller),
    source: sourceOf(request),
  }),
  refuse: () => notFound('There is no operation with this id.'),
};

/** An operation's id in the path, and what is wanted of it in the body. */
export const operationInPathWithBody: PayloadSource = {
  read: (request, caller) => ({ ...fromBody.read(request, caller), id: request.pathParameters?.['id'] }),
  refuse: (error) =>
    isAboutId(error) ? notFound('There is no operation with this id.') : fromBody.refuse(error),
};

function isAboutId({ fields }: InvalidRequestError): boolean {
  return fields.some(({ path }) => path[0] === 'id');
}

/** What is no number stays a text, which the command refuses. */
function toNumber(text: string): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

/** The console and the command line say who they are by a header; what says nothing is a program. */
function sourceOf({ headers }: HttpRequest): Source {
  return sources.find((source) => source === headers['openorder-client']) ?? 'api';
}

function operatorOf(caller: Caller): string {
  return caller.kind === 'operator' ? caller.name : caller.kind;
}
