import { containersPerFunction, usualContainers } from '../budget.ts';
import { StackError } from '../errors.ts';
import { limitContainers } from './container-limit.ts';
import { quieten } from './quiet.ts';
import {
  hapiServerPrototype,
  hostedFunctionsPrototype,
  hostLog,
  routeTablePrototype,
} from './serverless-offline.ts';
import { extendServers, type HostSettings } from './servers.ts';

/** What {@link prepareHost} needs to know. */
interface Settings extends HostSettings {
  readonly isVerbose: boolean;
  /**
   * Whether Kafka triggers call the function: they decide for themselves when another container helps, and
   * let requests go first.
   */
  readonly isTriggered: (functionKey: string) => boolean;
}

/** The HTTP API and the Lambda endpoint. */
const serverCount = 2;

/**
 * Makes serverless-offline fit to be left running: it serves no foreign web page, survives failing calls,
 * limits the number of its containers, and is quiet. Call it before serverless-offline starts; every change
 * to serverless-offline is made from here.
 * @returns a check, for once serverless-offline has started, that each of its servers is guarded
 * @throws StackError `UNKNOWN_HOST` from the returned function
 */
export async function prepareHost(settings: Settings): Promise<() => void> {
  quieten(await hostLog(), await routeTablePrototype(), settings.isVerbose);
  const { isTriggered } = settings;
  const limitFor = (functionKey: string) => ({
    usual: isTriggered(functionKey) ? containersPerFunction : usualContainers,
    most: containersPerFunction,
  });
  limitContainers(await hostedFunctionsPrototype(), limitFor, isTriggered);
  const extendedServers = extendServers(hapiServerPrototype(), settings);
  return () => {
    if (extendedServers() === serverCount) return;
    throw new StackError(
      'UNKNOWN_HOST',
      'This version of serverless-offline starts its servers differently, so they are not guarded against foreign web pages: run npm ci to get the version in package-lock.json.',
    );
  };
}
