import type { GenericSchema } from 'valibot';
import type { QuerySchema } from './json-schema.ts';
import type { ProblemKind } from './problems.ts';

/**
 * What one route takes and answers, for the OpenAPI document. Path, method and scopes come from
 * serverless.yml.
 */
export interface Route {
  readonly summary: string;
  /** Parameters in the path by name; each holds an example. */
  readonly path?: Readonly<Record<string, Parameter>>;
  /** The schema that the handler checks the query by. */
  readonly query?: QuerySchema;
  readonly headers?: Readonly<Record<string, Parameter>>;
  /** The schema that the handler checks the body by. */
  readonly body?: Example;
  /** Answers other than problems, by status. */
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** Problems of this route's own; those that every route has are added. */
  readonly problems?: readonly ProblemKind[];
}

/** A schema and a value that satisfies it. */
export interface Example {
  readonly schema: GenericSchema;
  readonly example: unknown;
}

/** A parameter as text in the request. */
export interface Parameter extends Example {
  readonly description: string;
}

/** What a route answers with one status; without a schema it has no body. */
export interface RouteAnswer extends Partial<Example> {
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The routes of a service by the key of their function. */
export type Routes = Readonly<Record<string, Route>>;

/** A value as it looks after `JSON.stringify` and `JSON.parse`. */
export type Serialized<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Element)[]
    ? readonly Serialized<Element>[]
    : Value extends object
      ? { -readonly [Name in keyof Value]: Serialized<Value[Name]> }
      : Value;
