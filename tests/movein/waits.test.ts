import { expect, it } from 'vitest';
import { waitBefore } from '../../store/cli/movein/Remote';
import { historyPages } from '../../store/cli/movein/wandb/historyPages';

it('waits as long as the server says, in seconds or until a date; else longer and longer, a minute at most', () => {
  expect(waitBefore(0, '3600')).toBe(3_600_000);
  expect(waitBefore(9, 'Mon, 30 Nov 2026 12:00:10 GMT', Date.parse('2026-11-30T12:00:00Z'))).toBe(10_000);
  expect([0, 1, 2, 5, 6, 50].map((tried) => waitBefore(tried, null))).toEqual([
    1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
  ]);
  expect(waitBefore(1, 'soon')).toBe(2_000);
});

it('no line is left out where W&B would sample: 1,000 lines a page, and few pages where nothing is', async () => {
  const steps = [...Array.from({ length: 2_500 }, (_, i) => i), 9_000_000, 9_000_001, 40_000_000];
  const asked: Array<[number, number]> = [];
  const account = {
    async history(_: string, min: number, max: number) {
      asked.push([min, max]);
      const found = steps.filter((step) => step >= min && step < max);
      // As W&B does with more lines than asked for.
      const every = Math.max(1, Math.ceil(found.length / 1_000));
      return found.filter((_, i) => i % every === 0).map((_step) => JSON.stringify({ _step }));
    },
  };
  const seen: number[] = [];
  for await (const { lines } of historyPages(account, 'r', 0, 40_000_000)) {
    seen.push(...lines.map((line) => (JSON.parse(line) as { _step: number })._step));
  }
  expect(seen).toEqual(steps);
  expect(asked.length).toBeLessThan(40);
});
