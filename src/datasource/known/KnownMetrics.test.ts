import type { MetricsAnswer, MetricsRequest, RunBrief } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { KnownMetrics } from './KnownMetrics';
import type { MetricsBatch } from './MetricsBatch';

const run = (id: string, state: RunBrief['state'] = 'running'): RunBrief => ({
  id,
  project: 'p',
  name: id,
  state,
  createdAt: 0,
});
const BODY: MetricsRequest = { runs: { where: [] }, metrics: ['m'], maxPoints: 100 };

/** A store that answers the whole with the points of `steps`, and `since` with what is given for it. */
function known(fresh: () => Partial<MetricsAnswer>, steps = [1, 2]) {
  const asked: MetricsRequest[] = [];
  const clock = { now: 0 };
  const series = (step: number[]) => [
    { run: 'a', metric: 'm', step, time: step, value: step, totalPoints: step.length },
  ];
  const ask = async (body: MetricsRequest): Promise<MetricsAnswer> => {
    asked.push(body);
    return body.since === undefined
      ? { series: series(steps), runs: [run('a')], asOf: 'first' }
      : { series: [], runs: [run('a')], asOf: 'later', ...fresh() };
  };
  const metrics = new KnownMetrics({ ask } as unknown as MetricsBatch, () => clock.now);
  return { asked, clock, series, metrics };
}

it('is the same object where nothing came, and asks from where it last looked', async () => {
  const { asked, metrics } = known(() => ({}));
  const first = await metrics.read(BODY);
  expect(await metrics.read(BODY)).toBe(first);
  expect(await metrics.read(BODY)).toBe(first);
  expect(asked.map(({ since }) => since)).toEqual([undefined, 'first', 'later']);
});

it('has what came since, and a run that has ended', async () => {
  const { series, metrics } = known(() => ({
    series: series([2, 3]).map((one) => ({ ...one, from: 2, totalPoints: 3 })),
    runs: [run('a', 'finished')],
  }));
  await metrics.read(BODY);
  const next = await metrics.read(BODY);
  expect([next.series[0]?.step, next.runs?.[0]?.state]).toEqual([[1, 2, 3], 'finished']);
});

it.each([
  ['other runs fit the filter now', { runs: [run('b')] }],
  ['the store cannot tell what came', { reset: true }],
])('reads all anew where %s', async (_, fresh) => {
  const { asked, metrics } = known(() => fresh);
  await metrics.read(BODY);
  await metrics.read(BODY);
  expect(asked.map(({ since }) => since)).toEqual([undefined, 'first', undefined]);
});

it('reads all anew now and then, and where a range that moves has left what was read', async () => {
  const { asked, clock, metrics } = known(() => ({}));
  const at = (from: number) => metrics.read({ ...BODY, times: { from } }, undefined, { name: 'now-1h now', slack: 10 });
  for (const from of [100, 105, 111, 112]) {
    await at(from);
  }
  expect(asked.map(({ since }) => since)).toEqual([undefined, 'first', undefined, 'first']);
  clock.now = 3_600_000;
  await at(112);
  expect(asked.at(-1)?.since).toBeUndefined();
});
