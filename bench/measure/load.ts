// Prints how many ms a bundle takes from being loaded to having its handler. Run in a process of its own,
// with the bundle's path.
import { pathToFileURL } from 'node:url';

const begun = performance.now();
await import(pathToFileURL(String(process.argv[2])).href);
const ms = performance.now() - begun;
process.stdout.write(String(ms), () => process.exit(0));
