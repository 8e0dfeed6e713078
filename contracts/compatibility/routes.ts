import type { JsonSchema } from '../json-schema.ts';
import { unacceptable } from './acceptance.ts';
import type { Break } from './break.ts';
import { withoutReferences } from './references.ts';

/** An OpenAPI document of ours, as far as it is compared. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly security: readonly { readonly caller: readonly string[] }[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/**
 * What clients of the old document could not do any more. Problem documents are left out: clients must expect
 * new kinds.
 */
export function brokenRoutes(before: OpenApi, after: OpenApi): Break[] {
  const old = operationsOf(withoutReferences(before));
  const current = new Map(operationsOf(withoutReferences(after)));
  return old.flatMap(([route, operation]) => {
    const successor = current.get(route);
    const reasons = successor ? brokenOperation(operation, successor) : ['the route is gone'];
    return reasons.map((reason) => ({ subject: route, who: 'old clients', reason }));
  });
}

function operationsOf({ paths }: OpenApi): [route: string, Operation][] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

function brokenOperation(old: Operation, current: Operation): string[] {
  return [
    ...lostScopes(old, current),
    ...brokenParameters(old.parameters ?? [], current.parameters ?? []),
    ...brokenBody(old.requestBody, current.requestBody),
    ...brokenAnswers(old, current),
  ];
}

function lostScopes(old: Operation, current: Operation): string[] {
  const wanted = scopesOf(current);
  if (wanted.length === 0) return [];
  if (scopesOf(old).length === 0) return [`a scope is required: ${wanted.join(' or ')}`];
  const lost = scopesOf(old).filter((scope) => !wanted.includes(scope));
  return lost.map((scope) => `the scope ${scope} no longer lets a caller in`);
}

function scopesOf({ security }: Operation): string[] {
  return security.flatMap(({ caller }) => caller);
}

function brokenParameters(old: readonly Parameter[], current: readonly Parameter[]): string[] {
  const nameOf = (parameter: Parameter) => `${parameter.in} parameter ${parameter.name}`;
  const successors = new Map(current.map((parameter) => [nameOf(parameter), parameter]));
  const known = new Set(old.map(nameOf));
  const added = current.filter((parameter) => parameter.required && !known.has(nameOf(parameter)));
  const changed = old.flatMap((parameter) => {
    const successor = successors.get(nameOf(parameter));
    if (!successor) return [`${nameOf(parameter)} is no longer read`];
    const refused = unacceptable(parameter.schema, successor.schema).map(
      (reason) => `${nameOf(parameter)} is refused: ${reason}`,
    );
    const isRequiredNow = successor.required && !parameter.required;
    return [...(isRequiredNow ? [`${nameOf(parameter)} is required`] : []), ...refused];
  });
  return [...added.map((parameter) => `${nameOf(parameter)} is required`), ...changed];
}

function brokenBody(old: Body | undefined, current: Body | undefined): string[] {
  const wanted = schemaOf(current);
  if (!wanted) return [];
  const sent = schemaOf(old);
  if (!sent) return ['a body is required'];
  return unacceptable(sent, wanted).map((reason) => `their body is refused: ${reason}`);
}

function schemaOf(body: Body | undefined): JsonSchema | undefined {
  return body?.content?.['application/json']?.schema;
}

function brokenAnswers(old: Operation, current: Operation): string[] {
  const successes = Object.entries(current.responses).filter(([status]) => status.startsWith('2'));
  return successes.flatMap(([status, answer]) => {
    const known = old.responses[status];
    if (!known) return [`an answer of ${status} is new to them`];
    const expected = schemaOf(known);
    const given = schemaOf(answer);
    if (!expected) return [];
    if (!given) return [`the answer of ${status} has no body`];
    return unacceptable(given, expected).map((reason) => `in the answer of ${status}, ${reason}`);
  });
}
