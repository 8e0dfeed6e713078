import type { Invoke } from './answers.ts';
import { CommandError, exitCodes } from './errors.ts';

/** What a function is asked. */
type Payload = Readonly<Record<string, unknown>>;

/** A request to the HTTP API that corresponds to an invocation. */
interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** What the body holds; by default all that is asked. */
  readonly body?: (payload: Payload) => object;
  readonly path: (payload: Payload) => string;
}

/** The route of each function that operators invoke. */
const routes: Readonly<Record<string, Route>> = {
  listDeadLetters: { method: 'GET', path: (payload) => `/api/dead-letters?${queryOf(payload)}` },
  getDeadLetter: { method: 'GET', path: ({ id }) => `/api/dead-letters/${String(id)}` },
  redriveDeadLetters: { method: 'POST', path: () => '/api/dead-letters/redrive' },
  parkDeadLetters: { method: 'POST', path: () => '/api/dead-letters/park' },
  discardDeadLetters: { method: 'POST', path: () => '/api/dead-letters/discard' },
  listOperations: { method: 'GET', path: (payload) => `/api/operations?${queryOf(payload)}` },
  getOperation: { method: 'GET', path: operationPath },
  changeOperation: { method: 'PATCH', path: operationPath, body: ({ state }) => ({ state }) },
  undoOperation: {
    method: 'POST',
    path: (payload) => `${operationPath(payload)}/undo`,
  },
};

function operationPath({ id }: Payload): string {
  return `/api/operations/${encodeURIComponent(String(id))}`;
}

/** Longer than API Gateway waits for a function, in ms. */
const timeoutMs = 35_000;

/**
 * Calls the functions through the HTTP API. The operator is the token's subject, so a name in the payload is
 * left out.
 */
export function httpInvoker(url: string, token: string | undefined): Invoke {
  const base = url.replace(/\/$/, '');
  return async <Answer>(functionKey: string, payload: object) => {
    const request = withoutOperator(payload as Payload);
    const { method, path, body = (all) => all } = routeOf(functionKey);
    const address = base + path(request);
    const response = await fetch(address, {
      method,
      headers: {
        'content-type': 'application/json',
        'openorder-client': 'cli',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(method !== 'GET' && { body: JSON.stringify(body(request)) }),
      redirect: 'error', // a token is for this address alone
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new CommandError(`${base} could not be reached: ${String(cause)}`, exitCodes.failed, { cause });
    });
    return (await answerOf(response, functionKey)) as Answer;
  };
}

function withoutOperator(payload: Payload): Payload {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => name !== 'operator'));
}

function routeOf(functionKey: string): Route {
  const route = routes[functionKey];
  if (!route) throw new Error(`${functionKey} has no route.`);
  return route;
}

function queryOf(payload: Payload): string {
  const given = Object.entries(payload).filter(([, value]) => value !== undefined);
  return new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

async function answerOf(response: Response, functionKey: string): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as unknown;
  const problem = problemIn(text);
  // As a direct invocation answers for something that does not exist.
  if (response.status === 404 && problem.type === 'urn:openorder:problem:not-found') return null;
  const isRefused = response.status === 409 || response.status === 422;
  const message = `${functionKey} failed: ${reasonOf(problem, response.status)}`;
  throw new CommandError(message, isRefused ? exitCodes.usage : exitCodes.failed);
}

function reasonOf({ detail, title, errors = [] }: Problem, status: number): string {
  const fields = errors.map((field) => `${field.pointer} ${field.detail}`);
  return [detail ?? title ?? `HTTP ${status}`, ...fields].join(' ');
}

function problemIn(text: string): Problem {
  try {
    return (JSON.parse(text) ?? {}) as Problem;
  } catch {
    return {};
  }
}
