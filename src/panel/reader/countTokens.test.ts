import { expect, it } from 'vitest';
import { countTokens } from './countTokens';

it.each([
  [[{ text: 'a' }, { text: 'b' }], 2],
  [{ text: ['a', 'b', 'c'], logprob: [0, 0, 0] }, 3],
  ['["a","b"]', 2],
  ['[cut', undefined],
  ['text', undefined],
  [7, undefined],
  [null, undefined],
])('%j has %s tokens', (cell, count) => expect(countTokens(cell)).toBe(count));
