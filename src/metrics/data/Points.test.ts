import type { MetricSource } from '@rolloscope/contract/frames';
import type { MetricsAnswer, MetricsRequest } from '@rolloscope/contract/types';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Points } from './Points';

/** Answers every metric with as many points as there were questions. */
function source(answer: (request: MetricsRequest, n: number) => Partial<MetricsAnswer> = () => ({})) {
  const asked: MetricsRequest[] = [];
  const queryMetrics = async (request: MetricsRequest): Promise<MetricsAnswer> => {
    asked.push(request);
    const n = asked.length;
    const series = request.metrics.map((metric) => ({
      run: 'a',
      metric,
      step: [n],
      time: [n],
      value: [n],
      totalPoints: n,
      ...(request.since && { from: n }),
    }));
    return { series, asOf: `at ${n}`, ...answer(request, n) };
  };
  return { asked, source: { queryMetrics } as unknown as MetricSource };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = () => vi.advanceTimersByTimeAsync(100);
const stepsOf = (points: Points, metric: string) => points.get(metric)?.series[0]?.step;

it('asks once for all that comes into view in one moment, and not for what has left it by then', async () => {
  const { asked, source: store } = source();
  const points = new Points(store, { runs: ['a'] });
  points.want('x', '1', 'step');
  points.want('y', '1', 'step');
  points.want('gone', '1', 'step')();
  await pass();
  expect(asked.map(({ metrics }) => metrics)).toEqual([['x', 'y']]);
  expect(stepsOf(points, 'x')).toEqual([1]);
});

it('asks for nothing that it knows, and then only for what came since', async () => {
  const { asked, source: store } = source();
  const points = new Points(store, { runs: ['a'] });
  const leave = points.want('x', '1', 'step');
  await pass();
  leave();
  points.want('x', '1', 'step')();
  points.want('x', '1', 'step');
  await pass();
  expect(asked).toHaveLength(1);
  points.want('x', '2', 'step');
  await pass();
  expect(asked.map(({ since }) => since)).toEqual([undefined, 'at 1']);
  expect(stepsOf(points, 'x')).toEqual([1, 2]);
});

it('reads all anew where the store cannot tell what changed', async () => {
  const { asked, source: store } = source((_, n) => (n === 2 ? { reset: true, series: [] } : {}));
  const points = new Points(store, { runs: ['a'] });
  points.want('x', '1', 'step');
  await pass();
  points.want('x', '2', 'step');
  await pass();
  expect(asked.map(({ since }) => since)).toEqual([undefined, 'at 1', undefined]);
  expect(stepsOf(points, 'x')).toEqual([3]);
});

it('keeps each request within the series that a store answers', async () => {
  const { asked, source: store } = source();
  const runs = Array.from({ length: 100 }, (_, i) => `run ${i}`);
  const points = new Points(store, { runs });
  for (let i = 0; i < 12; i++) {
    points.want(`m${i}`, '1', 'step');
  }
  await pass();
  expect(asked.map(({ metrics }) => metrics.length)).toEqual([5, 5, 2]);
});

it('says what failed, keeps what it has, and asks again when told to', async () => {
  const { asked, source: store } = source((_, n) => {
    if (n === 2) {
      throw new Error('The store is away.');
    }
    return {};
  });
  const points = new Points(store, { runs: ['a'] });
  points.want('x', '1', 'step');
  await pass();
  points.want('x', '2', 'step');
  await pass();
  expect(points.fault).toBe('The store is away.');
  expect(stepsOf(points, 'x')).toEqual([1]);
  points.retry();
  await pass();
  expect(points.fault).toBeUndefined();
  expect(asked).toHaveLength(3);
  expect(stepsOf(points, 'x')).toEqual([1, 3]);
});
