import type { HostLog, RouteTable } from './serverless-offline.ts';

/**
 * Keeps what serverless-offline prints from burying everything else: its list of functions, its table of
 * routes, and three lines per call. With `--verbose` all of it is back.
 */
export function quieten(log: HostLog, table: RouteTable, isVerbose: boolean): void {
  if (isVerbose) return;
  log.notice = (...texts) => {
    log.info(...texts);
  };
  table.writeRoutesTerminal = () => undefined;
}
