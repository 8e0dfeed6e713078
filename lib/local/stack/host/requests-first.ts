/** Makes a call when it is its turn. */
export type Line = (call: () => Promise<unknown>) => Promise<unknown>;

/** How long a trigger's call lets requests go first at most, in ms: enough for a batch of many records. */
export const patienceMs = 250;
/** How often it looks whether requests still wait, in ms. */
const lookMs = 25;

/**
 * A line in which a trigger's call begins when no request waits for a container, or after
 * {@link patienceMs}. On AWS, functions do not share a machine; here, requests wait because its cores are
 * busy, and each call of a trigger then costs a fetch, a commit, a produce and an offset commit for a few
 * records. The records that arrive while it waits share the next call.
 */
export function requestsFirst(line: Line, hasWaitingRequest: () => boolean): Line {
  return async (call) => {
    const deadline = performance.now() + patienceMs;
    while (hasWaitingRequest() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    return line(call);
  };
}
