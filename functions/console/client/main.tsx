import { render } from 'preact';
import './style.css';
import { App } from './app.tsx';
import { startClock } from './format.ts';
import { loadTexts } from './i18n/index.ts';
import { Unreachable } from './parts/unreachable.tsx';
import { startRouter } from './router.ts';
import { completeSignIn } from './session.ts';
import { loadSettings } from './settings.ts';
import { startShortcuts } from './shortcuts.ts';

const root = document.getElementById('console');
startRouter();
startClock();
startShortcuts();
await loadTexts();
await start();

/** Nothing can be shown without the settings; the visitor may retry until they are loaded. */
async function start(): Promise<void> {
  if (!root) return;
  try {
    await loadSettings();
  } catch {
    render(<Unreachable onRetry={() => void start()} />, root);
    return;
  }
  await completeSignIn();
  render(<App />, root);
}
