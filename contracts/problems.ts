/**
 * Every kind of problem document that a function answers with: `urn:openorder:problem:<kind>`. A test
 * compares it with the code.
 */
export const problems = {
  'not-json': { status: 400, title: 'Not JSON' },
  unauthenticated: { status: 401, title: 'Unauthenticated' },
  forbidden: { status: 403, title: 'Forbidden' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'below-reserved': { status: 409, title: 'Conflict' },
  'idempotency-key-in-flight': { status: 409, title: 'Conflict' },
  'not-undoable': { status: 409, title: 'Conflict' },
  'operation-over': { status: 409, title: 'Conflict' },
  'order-rejected': { status: 409, title: 'Conflict' },
  'preview-outdated': { status: 409, title: 'Conflict' },
  'too-large': { status: 413, title: 'Content too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key reused' },
  'invalid-fields': { status: 422, title: 'Invalid fields' },
  internal: { status: 500, title: 'Internal server error' },
  unavailable: { status: 503, title: 'Service unavailable' },
} as const;

export type ProblemKind = keyof typeof problems;
