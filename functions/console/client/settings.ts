import type { ConsoleSettings } from '../console-settings.ts';

let settings: ConsoleSettings = { stage: 'local', hasInbox: false };

/** The settings of this stage, which are loaded before anything is rendered. */
export function stageSettings(): ConsoleSettings {
  return settings;
}

/** @throws Error when the console's function does not answer with them */
export async function loadSettings(): Promise<void> {
  const response = await fetch('/console/settings.json');
  if (!response.ok) throw new Error(`settings.json: ${response.status}`);
  settings = (await response.json()) as ConsoleSettings;
}
