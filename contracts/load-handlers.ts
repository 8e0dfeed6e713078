/**
 * Loads modules that import handlers, for their schemas. A handler connects when its file is loaded, so what
 * it needs is set to addresses where nothing listens; no connection is opened before the first request.
 */
export function loadHandlers<Module>(load: () => Promise<Module>): Promise<Module> {
  process.env['DATABASE_URL'] ??= 'postgresql://127.0.0.1:1/nowhere';
  process.env['KAFKA_BROKERS'] ??= '127.0.0.1:1';
  return load();
}
