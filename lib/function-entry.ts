import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { setting } from './config.ts';
import { logFailure, logger } from './logger.ts';
import { restoreStacks } from './stack-trace.ts';

/** A Lambda handler; https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
export type LambdaHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** Rejects the invocations in progress, for failures outside of any promise that they await. */
const invocations = new Set<(error: unknown) => void>();

// On Lambda a stray error ends the container, as it should. On the laptop it would end serverless-offline
// with all its functions.
if (setting('IS_OFFLINE') !== undefined) {
  process.on('unhandledRejection', failInvocations);
  process.on('uncaughtException', failInvocations);
}

/**
 * What all functions share: their name and request id in the logs, and stray errors that fail the invocation
 * they belong to.
 */
export function functionEntry<Event, Result>(
  handle: LambdaHandler<Event, Result>,
): LambdaHandler<Event, Result> {
  const entry = middy<Event, Result>()
    .use(injectLambdaContext(logger))
    .handler((event: Event, context: Context) => withStrayErrors(handle(event, context)));
  return (event, context) => entry(event, context);
}

async function withStrayErrors<Result>(invocation: Promise<Result>): Promise<Result> {
  const stray = Promise.withResolvers<never>();
  invocations.add(stray.reject);
  try {
    return await Promise.race([invocation, stray.promise]);
  } catch (error) {
    restoreStacks(error); // the runtime logs it
    throw error;
  } finally {
    invocations.delete(stray.reject);
  }
}

function failInvocations(error: unknown): void {
  logFailure('an error escaped its promise', error);
  for (const fail of invocations) fail(error);
}
