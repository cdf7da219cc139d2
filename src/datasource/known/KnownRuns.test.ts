import type { RunsAnswer } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { KnownRuns } from './KnownRuns';

it('a list of runs is not asked for twice in a moment, and anew after it; one that failed, at once', async () => {
  let now = 0;
  let asked = 0;
  const known = new KnownRuns(() => now);
  const answer: RunsAnswer = { runs: [] };
  const read = async () => {
    asked++;
    return answer;
  };
  await expect(known.list('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await known.list('a', read)).toBe(answer);
  now = 999;
  expect(await known.list('a', read)).toBe(answer);
  expect(asked).toBe(1);
  await known.list('b', read);
  expect(asked).toBe(2);
  now = 1_000;
  await known.list('a', read);
  expect(asked).toBe(3);
});
