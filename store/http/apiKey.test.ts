import { describe, expect, it } from 'vitest';
import { apiKeyOf, tokensOf } from './apiKey';

/** What W&B clients check: before 0.22 exactly 40 characters behind the first dash, later 40 or more word characters. */
const isTaken = (key: string) => /^[^-]+-[\w-]{40}$/.test(key);

describe('an API key for W&B clients', () => {
  it.each([
    'secret',
    'a',
    'with-dash-and-more',
    'ümlaut und Leerzeichen',
    'x'.repeat(200),
    'hex_6162',
    '0'.repeat(40),
    '-'.repeat(41),
  ])('carries the token %s', (token) => {
    const key = apiKeyOf(token);
    expect(isTaken(key)).toBe(true);
    expect(tokensOf(key)).toContain(token);
  });

  it('is plain where the token has word characters only', () => {
    expect(apiKeyOf('abc_1')).toBe(`abc_1-${'0'.repeat(40)}`);
  });

  it('leaves other secrets as they are', () => {
    expect(tokensOf('plain')).toEqual(['plain']);
    expect(tokensOf(`-${'0'.repeat(40)}`)).toEqual([`-${'0'.repeat(40)}`]);
  });
});
