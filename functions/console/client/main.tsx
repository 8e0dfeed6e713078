import { render } from 'preact';
import './style.css';
import { App } from './app.tsx';
import { startClock } from './format.ts';
import { startRouter } from './router.ts';
import { completeSignIn } from './session.ts';
import { loadSettings } from './settings.ts';

await loadSettings();
await completeSignIn();
startRouter();
startClock();
const root = document.getElementById('console');
if (root) render(<App />, root);
