import { Command, InvalidArgumentError, Option } from 'commander';
import { audience, issuerUrl } from '../../lib/local/stack/issuer/callers.ts';
import { loadSigningKey } from '../../lib/local/stack/issuer/signing-key.ts';
import {
  customer,
  lifetimeSeconds,
  operator,
  type Person,
  signToken,
} from '../../lib/local/stack/issuer/token.ts';
import { readSettings } from '../../lib/local/stack/settings.ts';

interface TokenOptions {
  readonly user?: number;
  readonly operator?: boolean;
  readonly scope?: string;
  readonly audience: string;
  readonly expiresIn: number;
}

/** The command that prints tokens of the local issuer, valid and invalid ones, for manual tests. */
export function program({ print }: { readonly print: (text: string) => void }): Command {
  return new Command('token')
    .description('prints a token of the local issuer, for a service started with OPENORDER_AUTH=on')
    .addOption(new Option('--user <number>', 'a customer').argParser(userId).conflicts('operator'))
    .option('--operator', 'an operator, who may read and write')
    .option('--scope <scopes>', 'other scopes, with blanks between')
    .option('--audience <name>', 'whom the token is meant for', audience)
    .option('--expires-in <seconds>', 'how long it is good for; may be negative', seconds, lifetimeSeconds)
    .action(async (options: TokenOptions, command: Command) => {
      const person = personOf(options) ?? command.error('Name a customer by --user 42, or say --operator.');
      print(await tokenFor(person, options));
    });
}

function personOf({ user, operator: isOperator }: TokenOptions): Person | undefined {
  if (isOperator) return operator;
  return user === undefined ? undefined : customer(user);
}

async function tokenFor(person: Person, { scope, audience: aud, expiresIn }: TokenOptions): Promise<string> {
  const { dataDirectory, ports } = readSettings();
  const claims = { iss: issuerUrl(ports.auth), sub: person.subject, aud, scope: scope ?? person.scope };
  return await signToken(await loadSigningKey(dataDirectory), claims, expiresIn);
}

function userId(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

function seconds(text: string): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds.');
}
