// Prints a token of the local issuer: npm run -s token -- --user 42
import { program } from './program.ts';

await program({ print: (text) => process.stdout.write(`${text}\n`) }).parseAsync();
