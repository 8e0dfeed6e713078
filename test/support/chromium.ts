import { execFileSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The longest that Chromium may take to start on a busy machine, in ms. */
const startTimeoutMs = 120_000;

/** This machine's Chromium; undefined, with a line that says so, if none is installed. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = names.map(pathOf).find((path) => path !== '');
  if (executablePath) {
    return chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: startTimeoutMs });
  }
  process.stdout.write(`Not tested in a browser: none of ${names.join(', ')} is installed.\n`);
  return undefined;
}

function pathOf(name: string): string {
  return execFileSync('sh', ['-c', `command -v ${name} || true`], { encoding: 'utf8' }).trim();
}
