import type { MetricsAnswer, MetricsRequest } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { StoreFailure } from '../http/failure';
import type { StoreClient } from '../http/StoreClient';
import { MetricsBatch } from './MetricsBatch';

const LOGGED = ['a/x', 'a/y', 'b', 'a*'];

/** A store that has the series of `LOGGED`, and the requests it got. */
function store() {
  const requests: MetricsRequest[] = [];
  const ask = async (_route: string, { body }: { body: MetricsRequest }): Promise<MetricsAnswer> => {
    requests.push(body);
    const found = LOGGED.filter((name) =>
      body.metrics.some((one) => one === name || (one === 'a/*' && name.startsWith('a/'))),
    );
    if (found.length === 0) {
      throw new StoreFailure('No such metric.', 404, 'metric_not_found');
    }
    const missing = body.metrics.filter((name) => name !== 'a/*' && !LOGGED.includes(name));
    return {
      series: found.map((metric) => ({ run: 'r', metric, step: [], time: [], value: [], totalPoints: 0 })),
      ...(missing.length > 0 && { missing: { metrics: missing, runs: ['gone'] } }),
      asOf: '1',
    };
  };
  return { requests, client: { ask } as unknown as StoreClient };
}
const names = ({ series }: MetricsAnswer) => series.map(({ metric }) => metric);

it('asks once for queries that differ in their metrics alone, and gives each its own', async () => {
  const { requests, client } = store();
  const batch = new MetricsBatch(client);
  const [one, two, other] = await Promise.all([
    batch.ask({ runs: ['r'], metrics: ['a/*'] }),
    batch.ask({ runs: ['r'], metrics: ['b', 'nope'] }),
    batch.ask({ runs: ['r'], metrics: ['b'], x: 'time' }),
  ]);
  expect(requests).toEqual([
    { runs: ['r'], metrics: ['a/*', 'b', 'nope'] },
    { runs: ['r'], metrics: ['b'], x: 'time' },
  ]);
  expect([names(one), one.missing]).toEqual([['a/x', 'a/y'], { runs: ['gone'] }]);
  expect([names(two), two.missing]).toEqual([['b'], { runs: ['gone'], metrics: ['nope'] }]);
  expect(names(other)).toEqual(['b']);
  await batch.ask({ runs: ['r'], metrics: ['b'] });
  expect(requests).toHaveLength(3);
});

it('reads a name that exists as a name, and refuses what nobody logged as the store does', async () => {
  const { client } = store();
  const batch = new MetricsBatch(client);
  const [star, gone] = await Promise.allSettled([
    batch.ask({ runs: ['r'], metrics: ['a*'] }),
    batch.ask({ runs: ['r'], metrics: ['nope'] }),
    batch.ask({ runs: ['r'], metrics: ['a/x'] }),
  ]);
  expect(star.status === 'fulfilled' && names(star.value)).toEqual(['a*']);
  expect(gone).toMatchObject({ status: 'rejected', reason: { status: 404, code: 'metric_not_found' } });
});

it('lets each ask alone once all together are more series than an answer has', async () => {
  const requests: MetricsRequest[] = [];
  const answer = async (_route: string, { body }: { body: MetricsRequest }): Promise<MetricsAnswer> => {
    requests.push(body);
    return { series: [], asOf: '1', ...(body.metrics.length > 1 && { truncated: true }) };
  };
  const batch = new MetricsBatch({ ask: answer } as unknown as StoreClient);
  const ask = () => Promise.all(['a', 'b'].map((metric) => batch.ask({ runs: ['r'], metrics: [metric] })));
  expect((await ask()).map(({ truncated }) => truncated)).toEqual([undefined, undefined]);
  await ask();
  expect(requests.map(({ metrics }) => metrics.join())).toEqual(['a,b', 'a', 'b', 'a', 'b']);
});

it('asks for the results of evals apart from metrics that may be among them', async () => {
  const { requests, client } = store();
  const batch = new MetricsBatch(client);
  await Promise.allSettled(
    [['b'], ['@evals'], ['eval/x'], ['a/*'], ['a/x']].map((metrics) => batch.ask({ runs: ['r'], metrics })),
  );
  const together = requests.map(({ metrics }) => metrics).filter(({ length }) => length > 1);
  expect(together).toEqual([
    ['b', '@evals', 'a/x'],
    ['eval/x', 'a/*'],
  ]);
});
