import { hostname, userInfo } from 'node:os';
import { Command, Option } from 'commander';
import type { Invoke, ListAnswer, ShowAnswer, UndoAnswer } from './answers.ts';
import type { CommandContext } from './context.ts';
import { CommandError, exitCodes } from './errors.ts';
import { consoleOf, type Deployment, invokerOf } from './invoke.ts';
import type { PreviewOptions } from './binding.ts';
import { mark } from './mark.ts';
import { addOperations } from './operations.ts';
import { printableJson } from './printable.ts';
import { redrive, type RedriveOptions } from './redrive.ts';
import {
  requireChoice,
  type SelectionOptions,
  selectionOf,
  wholeNumber,
  wholeNumbers,
  withSelection,
} from './selection.ts';
import { causesTable, deadLettersTable, deadLetterText } from './show.ts';
import type { Terminal } from './terminal.ts';

const exitCodesHelp = `
Exit codes: 0 done (also when nothing matched), 1 failed, 2 wrong use or refused request, 3 no such dead letter, 130 cancelled.`;

const parkHelp = 'sets dead letters aside, so that bulk redrives skip them';
const discardHelp = 'closes dead letters permanently; they are kept, but never sent';

interface SharedOptions extends Deployment {
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly operator?: string;
}

/** The command line. It knows no dead letters itself: everything is asked of the service's functions. */
export function createProgram(
  terminal: Terminal,
  invoker: (deployment: Deployment) => Invoke = invokerOf,
  findConsole: typeof consoleOf = consoleOf,
): Command {
  const program = new Command('dead-letters')
    .description('Shows records that failed, and sends them again.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        terminal.print(text.trimEnd());
      },
      writeErr: (text) => {
        terminal.tell(text.trimEnd());
      },
    })
    .addHelpText('after', exitCodesHelp);
  const contextOf = (command: Command) =>
    createContext(command.opts<SharedOptions>(), terminal, { invoker, findConsole });
  addList(program, contextOf);
  addShow(program, contextOf);
  addRedrive(program, contextOf);
  addMark(program, contextOf, 'park', ['NEW', 'DISCARDED'], parkHelp);
  addMark(program, contextOf, 'discard', ['NEW', 'PARKED'], discardHelp);
  addUndo(program, contextOf);
  addOperations(program, contextOf);
  for (const command of program.commands) addShared(command);
  return program;
}

type ContextOf = (command: Command) => CommandContext;

function addShared(command: Command): void {
  command
    .option('--json', 'print JSON, for programs')
    .option('--stage <name>', 'the deployed stage', 'local')
    .option('--endpoint <url>', 'a Lambda endpoint; by default that of the running local stack')
    .option('--region <name>', 'work on AWS, in this region')
    .option('--profile <name>', 'work on AWS, with this profile')
    .option('--url <url>', 'work by the HTTP API at this address, such as http://localhost:8080')
    .addOption(new Option('--token <token>', 'the bearer token for it').env('OPENORDER_TOKEN'))
    .addHelpText('after', exitCodesHelp);
}

/** How functions and the console of a deployment are found. */
interface Surroundings {
  readonly invoker: (deployment: Deployment) => Invoke;
  readonly findConsole: typeof consoleOf;
}

function createContext(
  options: SharedOptions,
  terminal: Terminal,
  { invoker, findConsole }: Surroundings,
): CommandContext {
  const json = options.json === true;
  return {
    terminal,
    json,
    invoke: invoker(options),
    yes: options.yes === true,
    stage: options.stage,
    tellPage: async (path, parameters = {}) => {
      const base = json ? undefined : await findConsole(options);
      if (base !== undefined) terminal.tell(`In the console: ${pageAddress(base, path, parameters)}`);
    },
    operator: options.operator ?? `${userInfo().username}@${hostname()}`,
    result: (answer, text) => {
      terminal.print(json ? printableJson(answer) : text);
    },
  };
}

function pageAddress(base: string, path: string, parameters: object): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return `${base}/console/${path}${search === '' ? '' : `?${search}`}`;
}

function addList(program: Command, contextOf: ContextOf): void {
  withSelection(program.command('list'), ['NEW', 'REDRIVEN', 'PARKED', 'DISCARDED'])
    .description('counts dead letters by cause and lists the newest')
    .option('--limit <number>', 'how many to list, 500 at most', wholeNumber, 20)
    .option('--cursor <cursor>', 'continue after the page that gave this cursor')
    .action(async (options: SelectionOptions & { limit: number; cursor?: string }, command: Command) => {
      const { limit, cursor } = options;
      const { invoke, result, tellPage } = contextOf(command);
      const selection = selectionOf(options);
      const answer = await invoke<ListAnswer>('listDeadLetters', { ...selection, limit, cursor });
      result(answer, listText(answer));
      await tellPage('dead-letters', selection);
    });
}

function listText({ total, causes, deadLetters, nextCursor }: ListAnswer): string {
  if (total === 0) return 'There are no such dead letters.';
  const more = nextCursor === undefined ? '' : `\n\nMore with --cursor ${nextCursor}`;
  return `${total} dead letters by cause\n\n${causesTable(causes)}\n\n${deadLettersTable(deadLetters)}${more}`;
}

function addShow(program: Command, contextOf: ContextOf): void {
  program
    .command('show')
    .description('shows one dead letter with its headers, key and value, decoded')
    .argument('<id>', 'the id that list shows', wholeNumber)
    .action(async (id: number, _options, command: Command) => {
      const { invoke, result, tellPage } = contextOf(command);
      const answer = await invoke<ShowAnswer>('getDeadLetter', { id });
      if (answer === null) throw new CommandError(`There is no dead letter ${id}.`, exitCodes.notFound);
      result(answer, deadLetterText(answer));
      await tellPage(`dead-letters/${id}`);
    });
}

interface ChangeOptions extends SelectionOptions, PreviewOptions {
  readonly all?: boolean;
}

function addRedrive(program: Command, contextOf: ContextOf): void {
  changing(withSelection(program.command('redrive'), ['NEW', 'PARKED', 'REDRIVEN'], 'NEW'))
    .description('sends dead letters to their original topic again, oldest first')
    .option('--all', 'all that are new')
    .option('--limit <number>', 'the most to send', wholeNumber)
    .option('--rate <number>', 'the most to send per second', wholeNumber)
    .option('--target <topic>', 'send to this topic instead')
    .action(async (ids: number[] | undefined, options: ChangeOptions & RedriveOptions, command: Command) => {
      const selection = selectionOf(options, ids);
      requireChoice(selection, options.all === true || options.preview !== undefined);
      await redrive(contextOf(command), selection, options);
    });
}

function addMark(
  program: Command,
  contextOf: ContextOf,
  action: 'park' | 'discard',
  statuses: string[],
  description: string,
): void {
  changing(withSelection(program.command(action), statuses, 'NEW'))
    .description(description)
    .action(async (ids: number[] | undefined, options: ChangeOptions, command: Command) => {
      const selection = selectionOf(options, ids);
      requireChoice(selection, options.preview !== undefined);
      await mark(contextOf(command), action, selection, options);
    });
}

function addUndo(program: Command, contextOf: ContextOf): void {
  program
    .command('undo')
    .description('gives what an operation parked or discarded the status it had before')
    .argument('<operation>', 'the id that park or discard printed')
    .option('--operator <name>', operatorHelp)
    .action(async (id: string, _options, command: Command) => {
      const { invoke, result, operator } = contextOf(command);
      const answer = await invoke<UndoAnswer>('undoOperation', { id, operator });
      if (answer === null) throw new CommandError(`There is no operation ${id}.`, exitCodes.notFound);
      result(answer, `${answer.changed} restored.`);
    });
}

const operatorHelp = 'who does it, for the record (default: user@host; over HTTP whoever the token names)';

function changing(command: Command): Command {
  return command
    .argument('[ids...]', 'dead letters by their ids', wholeNumbers)
    .option('--dry-run', 'show what would be done, and change nothing')
    .option('--preview <preview>', 'do what a dry run showed, and nothing else')
    .option('--yes', 'do not ask')
    .option('--operator <name>', operatorHelp);
}
