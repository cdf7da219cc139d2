import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Progress } from './Progress';

const HOUR = 3_600_000;
let told: string[];
beforeEach(() => {
  told = [];
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it.each([
  ['ahead', HOUR],
  ['back', -HOUR],
])('tells how far a job is every few seconds, though the clock is set %s', (_, jump) => {
  const progress = new Progress('Import', 100);
  vi.setSystemTime(Date.now() + jump);
  progress.update(10, 'ten');
  expect(told).toEqual([]);
  for (const done of [20, 30, 40]) {
    vi.advanceTimersByTime(6_000);
    progress.update(done, `${done} of them`);
  }
  expect(told).toHaveLength(3);
  expect(told.at(-1)).toContain('40 of them');
});
