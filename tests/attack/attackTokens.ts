import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from './requests/WireRequest';

/** Whoever calls, by their tokens. */
export const TOKENS: Partial<Record<Caller, string>> = {
  all: 'may-do-all',
  reads: 'may-read-all',
  onlyP: 'may-do-all-in-p',
  wrong: 'nobody-knows-this',
};

/** A file of tokens for a store to be started with, and what removes it. */
export function tokensFile(): { file: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'rolloscope-tokens-'));
  const file = join(folder, 'tokens.json');
  const every = ['read', 'write', 'label'];
  const entries = [
    { name: 'all', token: TOKENS.all, scopes: every, projects: ['*'] },
    { name: 'reads', token: TOKENS.reads, scopes: ['read'], projects: ['*'] },
    { name: 'onlyP', token: TOKENS.onlyP, scopes: every, projects: ['p'] },
  ];
  writeFileSync(file, JSON.stringify(entries), { mode: 0o600 });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
