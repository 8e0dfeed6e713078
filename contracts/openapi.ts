import { type JsonSchema, jsonSchemaOf, type QuerySchema, textSchemaOf } from './json-schema.ts';
import { type ProblemKind, problems } from './problems.ts';
import type { Example, Parameter, Route, RouteAnswer, Routes } from './route.ts';
import type { MappedRoute } from './service-map.ts';

const bodyProblems: readonly ProblemKind[] = [
  'not-json',
  'too-large',
  'unsupported-media-type',
  'invalid-fields',
];
const callerProblems: readonly ProblemKind[] = ['unauthenticated', 'forbidden'];

/** Headers of problems, by status. */
const problemHeaders: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'The scheme and what is wrong with the token (RFC 6750).' },
  503: { 'Retry-After': 'Seconds after which the same request may succeed.' },
};

/** What several operations refer to. */
interface Components {
  readonly schemas: Record<string, JsonSchema>;
  readonly responses: Record<string, object>;
}

/**
 * The OpenAPI 3.1 document of the mapped routes.
 * @throws Error that names a route without a description
 */
export function openApiDocument(mapped: readonly MappedRoute[], described: Routes, version: string): object {
  const components: Components = { schemas: { Problem: problemSchema }, responses: {} };
  const paths: Record<string, Record<string, object>> = {};
  for (const route of mapped) {
    const description = described[route.functionKey];
    if (!description) throw new Error(`Describe ${route.functionKey} in the routes.ts of its service.`);
    (paths[route.path] ??= {})[route.method] = operationOf(route, description, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'OpenOrder',
      version,
      summary: 'Orders, stock, notifications, and what an operator needs.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://localhost:8080', description: 'npm start' }],
    tags: tagsOf(mapped),
    paths,
    components: { ...components, securitySchemes: { caller: bearerScheme } },
  };
}

const bearerScheme = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'A token of the configured issuer with one of the scopes that the operation names: `customer`, `operator:read` or `operator:write`. ' +
    'On a laptop started without OPENORDER_AUTH=on no token is needed.',
};

/** https://www.rfc-editor.org/rfc/rfc9457 */
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { enum: Object.keys(problems).map(problemType) },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'For people; not in answers of 500 and above.' },
    errors: {
      type: 'array',
      description: 'Each wrong value, with `invalid-fields`.',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: {
            type: 'string',
            description: 'A JSON pointer into the body, or the name of a parameter or header.',
          },
          detail: { type: 'string' },
        },
      },
    },
  },
};

function problemType(kind: string): string {
  return `urn:openorder:problem:${kind}`;
}

/** What the routes of a service are about. */
const services: Readonly<Record<string, string>> = {
  order: 'Orders of customers.',
  inventory: 'What is on hand and what is reserved.',
  notification: 'Messages to customers and how they are reached.',
  'dead-letter': 'Records that failed.',
  console: 'What happens on the topics.',
  'api-documents': 'The contracts themselves.',
};

function tagsOf(mapped: readonly MappedRoute[]): object[] {
  const names = new Set(mapped.map(({ service }) => service));
  return [...names].map((name) => ({ name, description: services[name] ?? name }));
}

function operationOf(mapped: MappedRoute, route: Route, components: Components): object {
  const { functionKey, scopes } = mapped;
  const kinds = [
    ...(scopes.length > 0 ? callerProblems : []),
    ...(route.query || route.headers ? (['invalid-fields'] as const) : []),
    ...(route.body ? bodyProblems : []),
    ...(route.problems ?? []),
    ...(['internal', 'unavailable'] as const),
  ];
  return {
    operationId: functionKey,
    summary: route.summary,
    tags: [mapped.service],
    security: scopes.map((scope) => ({ caller: [scope] })),
    ...parametersOf(route, components),
    ...(route.body && { requestBody: { required: true, content: json(route.body, components) } }),
    responses: { ...answersOf(route.answers, components), ...problemReferences(kinds, components) },
  };
}

function parametersOf(route: Route, components: Components): object {
  const parameters = [
    ...Object.entries(route.path ?? {}).map(([name, of]) => parameter('path', name, of, components)),
    ...(route.query ? queryParameters(route.query) : []),
    ...Object.entries(route.headers ?? {}).map(([name, of]) => parameter('header', name, of, components)),
  ];
  return parameters.length > 0 ? { parameters } : {};
}

function parameter(place: string, name: string, of: Parameter, components: Components): object {
  const schema = withNamesHoisted(jsonSchemaOf(of.schema), components);
  return {
    name,
    in: place,
    required: place === 'path',
    description: of.description,
    schema,
    example: of.example,
  };
}

function queryParameters(query: QuerySchema): object[] {
  return Object.entries(query.entries).map(([name, entry]) => {
    const { isRequired, schema } = textSchemaOf(entry);
    return { name, in: 'query', required: isRequired, schema };
  });
}

function answersOf(answers: Route['answers'], components: Components): object {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, components)]),
  );
}

function answerOf({ description, headers, schema, example }: RouteAnswer, components: Components) {
  return {
    description,
    ...(headers && { headers: headersOf(headers) }),
    ...(schema && { content: json({ schema, example }, components) }),
  };
}

function headersOf(headers: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

function json({ schema, example }: Example, components: Components): object {
  return { 'application/json': { schema: withNamesHoisted(jsonSchemaOf(schema), components), example } };
}

/** Problems of one status share one response, which names their types. */
function problemReferences(kinds: readonly ProblemKind[], { responses }: Components): object {
  const statuses = Map.groupBy(new Set(kinds), (kind) => problems[kind].status);
  return Object.fromEntries(
    [...statuses].map(([status, of]) => {
      const name = of.join('-or-');
      responses[name] ??= problemResponse(status, of);
      return [status, { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function problemResponse(status: number, kinds: readonly ProblemKind[]): object {
  const headers = problemHeaders[status];
  return {
    description: kinds.map((kind) => `\`${kind}\``).join(' or '),
    ...(headers && { headers: headersOf(headers) }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          properties: { type: { enum: kinds.map(problemType) }, status: { const: status } },
        },
        examples: Object.fromEntries(kinds.map((kind) => [kind, { value: problemExample(kind) }])),
      },
    },
  };
}

function problemExample(kind: ProblemKind): object {
  const { status, title } = problems[kind];
  const errors = kind === 'invalid-fields' ? { errors: [{ pointer: '/userId', detail: 'is missing' }] } : {};
  return { type: problemType(kind), title, status, ...errors };
}

/** Moves each schema with a title to the components and leaves a reference in its place. */
function withNamesHoisted(schema: JsonSchema, components: Components): JsonSchema {
  const { title, ...rest } = mapValues(schema, (value) => hoistedValue(value, components));
  if (typeof title !== 'string') return rest;
  components.schemas[title] = rest;
  return { $ref: `#/components/schemas/${title}` };
}

function hoistedValue(value: unknown, components: Components): unknown {
  if (Array.isArray(value)) return value.map((item) => hoistedValue(item, components));
  return typeof value === 'object' && value !== null
    ? withNamesHoisted(value as JsonSchema, components)
    : value;
}

function mapValues(object: JsonSchema, change: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
