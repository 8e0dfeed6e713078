// Loads a bundle and has it answer one event. Prints, in ms, how long the bundle took to be loaded, and how
// long the process has run when the answer is there. Run in a process of its own, with the bundle's path and
// the event as JSON; JavaScript, since a compiler would be loaded for TypeScript.
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [, , bundle = '', event = '{}'] = process.argv;
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 10_000 };

const begun = performance.now();
const { handler } = await import(pathToFileURL(bundle).href);
const loadMs = performance.now() - begun;
await handler(JSON.parse(event), context);
const answerMs = performance.now();
process.stdout.write(`\n${JSON.stringify({ loadMs, answerMs })}`, () => process.exit(0));
