import { accessToken, forgetSession } from './session.ts';

/** A response other than success, or none at all (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly path: string;
  /** What a bulk action would affect now, if it was bound to something else. */
  readonly preview: unknown;

  constructor(status: number, path: string, detail: string, preview?: unknown) {
    super(detail);
    this.preview = preview;
    this.status = status;
    this.path = path;
  }
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly preview?: unknown;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/**
 * Reads from the API. The browser revalidates with the entity tag of what it has, so an unchanged response
 * has no body.
 */
export function get<T>(path: string): Promise<T> {
  return send<T>(path, { method: 'GET', headers: authorization() });
}

/** Changes something through the API. @throws ApiError */
export function change<T>(method: 'POST' | 'PUT' | 'PATCH', path: string, body: object = {}): Promise<T> {
  const headers = { ...authorization(), 'content-type': 'application/json', 'openorder-client': 'console' };
  return send<T>(path, { method, headers, body: JSON.stringify(body) });
}

function authorization(): Record<string, string> {
  const token = accessToken();
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** Longer than API Gateway waits for a function, in ms. */
const timeoutMs = 35_000;

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(path, { ...init, signal }).catch((error: unknown) => {
    throw new ApiError(0, path, error instanceof Error ? error.message : String(error));
  });
  if (response.ok) return (await response.json()) as T;
  if (response.status === 401) forgetSession();
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const fields = problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  const detail = fields ?? problem.detail ?? problem.title ?? response.statusText;
  throw new ApiError(response.status, path, detail, problem.preview);
}
