// Loads a bundle and has it answer one event. Prints, in ms, how long loading took, and how long the process
// had been running when it had the answer. Run in a separate process, with the bundle's path and the event as
// JSON. It is JavaScript because TypeScript would load a compiler.
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
