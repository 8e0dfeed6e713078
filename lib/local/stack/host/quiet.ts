import type { HostLog, RouteTable } from './serverless-offline.ts';

/**
 * Suppresses the output of serverless-offline that would bury everything else: its list of functions, its
 * table of routes, and three lines per call. `--verbose` brings it all back.
 */
export function quieten(log: HostLog, table: RouteTable, isVerbose: boolean): void {
  if (isVerbose) return;
  log.notice = (...texts) => {
    log.info(...texts);
  };
  table.writeRoutesTerminal = () => undefined;
}
