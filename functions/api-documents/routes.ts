import * as v from 'valibot';
import type { Route, Routes } from '../../contracts/route.ts';
import { cacheable, ifNoneMatch } from '../../contracts/shared.ts';

const documentRoute = (summary: string, name: string, version: string): Route => ({
  summary,
  headers: { 'If-None-Match': ifNoneMatch },
  answers: {
    200: {
      description: 'The document.',
      headers: cacheable.headers,
      schema: v.looseObject({ [name]: v.string() }),
      example: { [name]: version },
    },
    ...cacheable.unchanged,
  },
});

/** Routes of the two documents themselves. */
export const documentRoutes: Routes = {
  getOpenapi: documentRoute('Show this document', 'openapi', '3.1.0'),
  getAsyncapi: documentRoute('Show what the topics hold, as AsyncAPI', 'asyncapi', '3.0.0'),
};
