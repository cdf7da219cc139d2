import { readFileSync, statSync, unwatchFile, watchFile } from 'node:fs';
import { SCOPES, type Scope } from '@rolloscope/contract';
import { type Static, Type } from 'typebox';
import { parseJson } from '../json/parseJson';
import { checker } from './checker';
import type { Log } from './Log';
import { sha256, type TokenEntry, type Tokens } from './Tokens';

const strict = { additionalProperties: false };
const TokensFile = Type.Array(
  Type.Object(
    {
      name: Type.String({ minLength: 1 }),
      token: Type.Optional(Type.String({ minLength: 1 })),
      sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$' })),
      scopes: Type.Array(Type.Enum([...SCOPES]), { minItems: 1 }),
      projects: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
    },
    strict,
  ),
  { minItems: 1 },
);
const check = checker(TokensFile, 'The list of tokens');

/** Milliseconds between two looks at the file. */
const POLL = 2_000;

/**
 * Reads a tokens file: a JSON list of `{name, token | sha256, scopes, projects}`. Throws an error that says what is
 * wrong. A file that others on the machine may read or write is taken, and a line of the log says so.
 */
export function readTokens(file: string, log: Log): TokenEntry[] {
  let entries: Static<typeof TokensFile>;
  try {
    warnOfOthers(file, log);
    entries = check(parseJson(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`The tokens file ${file} cannot be used: ${cause instanceof Error ? cause.message : cause}`);
  }
  return entries.map(({ name, token, sha256: digest, scopes, projects }) => {
    if ((token === undefined) === (digest === undefined)) {
      throw new Error(`The tokens file ${file} cannot be used: ${name} needs either a token or a sha256.`);
    }
    return {
      name,
      sha256: digest?.toLowerCase() ?? sha256(token ?? ''),
      scopes: scopes as Scope[],
      projects,
    };
  });
}

function warnOfOthers(file: string, log: Log): void {
  const mode = statSync(file).mode & 0o7777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const may = `Others on this machine may use the tokens file ${file} (mode ${mode.toString(8)})`;
    log({ event: 'tokens_open_to_others', message: `${may}; do: chmod 600 ${file}` });
  }
}

/**
 * Reads the file again when it changes and on SIGHUP; a file that cannot be used leaves the tokens as they were, and
 * says so in the log. Returns what ends it.
 */
export function followTokens(file: string, tokens: Tokens, others: TokenEntry[], log: Log): () => void {
  const reload = () => {
    try {
      tokens.replace([...others, ...readTokens(file, log)]);
      log({ event: 'tokens_read', file });
    } catch (cause) {
      log({ event: 'tokens_kept', message: cause instanceof Error ? cause.message : String(cause) });
    }
  };
  watchFile(file, { interval: POLL, persistent: false }, reload);
  process.on('SIGHUP', reload);
  return () => {
    unwatchFile(file, reload);
    process.off('SIGHUP', reload);
  };
}
