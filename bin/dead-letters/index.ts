// npm run dead-letters: what failed, why, and sending it again. docs/operations.md
import { createProgram } from './program.ts';
import { runToExitCode } from './exit-code.ts';
import { terminal } from './terminal.ts';

process.exitCode = await runToExitCode(() => createProgram(terminal).parseAsync(), terminal);
