import { createHash, timingSafeEqual } from 'node:crypto';
import { fitsGlob, SCOPES, type Scope } from '@rolloscope/contract';
import { type Access, FULL_ACCESS } from '../Access';

export type { Scope };

/** One token, as the tokens file says it. Projects are names, or globs where `*` stands for any characters. */
export interface TokenEntry {
  name: string;
  /** Lower-case hex of the token's SHA-256. */
  sha256: string;
  scopes: Scope[];
  projects: string[];
}

/** Whoever asks, with the rights of a token. */
export interface Caller {
  /** Equal for equal rights of the same token: what an export ticket is bound to. */
  key: string;
  scopes: readonly Scope[];
  access: Access;
}

/** Everybody, on a store without tokens. */
export const ANYBODY: Caller = { key: 'anybody', scopes: SCOPES, access: FULL_ACCESS };

export const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The tokens that the store knows. Without any, everybody may do everything, and the store stays on loopback. */
export class Tokens {
  #callers: Array<{ digest: Buffer; caller: Caller }> = [];

  constructor(entries: TokenEntry[] = []) {
    this.replace(entries);
  }

  get required(): boolean {
    return this.#callers.length > 0;
  }

  /** Throws an error for a token that is there twice: only one of its entries would count, whatever the other says. */
  replace(entries: TokenEntry[]): void {
    requireOnce(entries);
    this.#callers = entries.map((entry) => ({ digest: Buffer.from(entry.sha256, 'hex'), caller: callerOf(entry) }));
  }

  /** Everybody who may be a caller now. */
  get callers(): readonly Caller[] {
    return this.required ? this.#callers.map(({ caller }) => caller) : [ANYBODY];
  }

  /** Finds whose a token is; undefined for one that is not known. A near miss takes as long as a wild guess. */
  identify(token: string): Caller | undefined {
    const digest = createHash('sha256').update(token).digest();
    let found: Caller | undefined;
    for (const known of this.#callers) {
      if (timingSafeEqual(known.digest, digest)) {
        found ??= known.caller;
      }
    }
    return found;
  }
}

function requireOnce(entries: readonly TokenEntry[]): void {
  const names = new Map<string, string>();
  for (const { name, sha256: digest } of entries) {
    const other = names.get(digest);
    if (other !== undefined) {
      const what = `${JSON.stringify(other)} and ${JSON.stringify(name)} have the same token`;
      throw new Error(`The tokens cannot be used: ${what}; give each of them one of its own.`);
    }
    names.set(digest, name);
  }
}

function callerOf({ sha256, scopes, projects }: TokenEntry): Caller {
  const covers = (project: string) => projects.some((glob) => fitsGlob(project, glob));
  return {
    key: JSON.stringify([sha256, scopes, projects]),
    scopes,
    access: {
      reads: (project) => scopes.includes('read') && covers(project),
      writes: (project) => scopes.includes('write') && covers(project),
      labels: (project) => scopes.includes('label') && covers(project),
    },
  };
}
