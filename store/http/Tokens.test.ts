import { expect, it } from 'vitest';
import { sha256, type TokenEntry, Tokens } from './Tokens';

const entry = (name: string, token: string, scopes: TokenEntry['scopes'] = ['read']): TokenEntry => ({
  name,
  sha256: sha256(token),
  scopes,
  projects: ['*'],
});

it('refuses a token that is there twice, and says whose they are', () => {
  const twice = [entry('grafana', 'same'), entry('other', 'else'), entry('trainer', 'same', ['write'])];
  expect(() => new Tokens(twice)).toThrow(
    '"grafana" and "trainer" have the same token; give each of them one of its own.',
  );
});

it('keeps the tokens that it has when those that come cannot be used', () => {
  const tokens = new Tokens([entry('a', 'one')]);
  expect(() => tokens.replace([entry('b', 'two'), entry('c', 'two')])).toThrow(/same token/);
  expect(tokens.identify('one')?.scopes).toEqual(['read']);
  expect(tokens.identify('two')).toBeUndefined();
});
