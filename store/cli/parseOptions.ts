import { parseArgs } from 'node:util';
import { UsageError } from './UsageError';

export interface Options {
  values: Record<string, string | undefined>;
  flags: Set<string>;
  positionals: string[];
}

/**
 * The options of one command: those in `names` take a value, those in `flags` none. What is not given is taken from
 * `environment`, a map from option to variable. Throws `UsageError` for an option that the command does not know.
 */
export function parseOptions(
  command: string,
  args: string[],
  names: readonly string[],
  { flags = [], environment = {} }: { flags?: readonly string[]; environment?: Record<string, string> } = {},
): Options {
  const options = Object.fromEntries([
    ...names.map((name) => [name, { type: 'string' as const }]),
    ...[...flags, 'help'].map((name) => [name, { type: 'boolean' as const }]),
  ]);
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(reason(cause, [...names, ...flags]), command);
  }
  const value = (name: string) => (parsed.values[name] ?? process.env[environment[name] ?? '']) as string | undefined;
  return {
    values: Object.fromEntries(names.map((name) => [name, value(name) || undefined])),
    flags: new Set([...flags, 'help'].filter((name) => parsed.values[name] === true)),
    positionals: parsed.positionals,
  };
}

function reason(cause: unknown, names: string[]): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const unknown = /Unknown option '([^']+)'/.exec(message)?.[1];
  const known = names.map((name) => `--${name}`).join(', ');
  return unknown
    ? `${unknown} is not an option of this command; it knows ${known}.`
    : (message.split('. ')[0] ?? message);
}
