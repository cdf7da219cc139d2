import { expect, it } from 'vitest';
import { StoreError } from '../StoreError';
import { isToldAsAnswer } from './isToldAsAnswer';

const NOT_THERE = new StoreError('metric_not_found', 'No such metric.');
const [read, write] = [{ scope: 'read' as const }, { scope: 'write' as const }];

it('tells what is wrong with a question as an answer to those who prefer so', () => {
  for (const prefer of ['handling=lenient', 'respond-async, Handling="lenient"; wait=5']) {
    expect(isToldAsAnswer(NOT_THERE, read, { prefer })).toBe(true);
  }
  for (const prefer of [undefined, 'handling=strict', 'mishandling=lenient', 'handling=lenient2']) {
    expect(isToldAsAnswer(NOT_THERE, read, { ...(prefer && { prefer }) })).toBe(false);
  }
});

it('never so of what was not written, of a token, of a fault', () => {
  const headers = { prefer: 'handling=lenient' };
  expect(isToldAsAnswer(new StoreError('run_not_found', ''), write, headers)).toBe(false);
  for (const code of ['token_wrong', 'not_allowed', 'too_busy', 'internal'] as const) {
    expect(isToldAsAnswer(new StoreError(code, ''), read, headers)).toBe(false);
  }
  expect(isToldAsAnswer(new Error(), read, headers)).toBe(false);
});
