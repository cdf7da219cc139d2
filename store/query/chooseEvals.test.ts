import type { MetricsRequest } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const metrics = (names: readonly string[]) => [
    { step: 1, metrics: Object.fromEntries(names.map((name) => [name, 1])) },
  ];
  await store.log('with pass@k', metrics(['eval/sums', 'eval/sums-pass@1', 'eval/sums-pass@2', 'loss']));
  await store.log('without', metrics(['eval/sums', 'eval/more', 'loss']));
  await store.log('no evals', metrics(['loss']));
});
afterAll(() => store.close());

async function given(request: Partial<MetricsRequest>) {
  const runs = ['with pass@k', 'without', 'no evals'];
  const { series, truncated } = await store.reader.metrics({ runs, metrics: ['@evals'], ...request }, FULL_ACCESS);
  return { truncated, series: series.map(({ run, group, metric }) => `${group ?? run}: ${metric}`) };
}

it('each run gives one result a task, by its own names', async () => {
  const own = ['with pass@k: eval/sums-pass@1', 'without: eval/sums', 'without: eval/more'];
  expect(await given({})).toEqual({ series: own, truncated: undefined });
});

it('what is asked for by name, too, is given by all', async () => {
  const { series } = await given({ metrics: ['@evals', 'eval/sums*', 'loss'] });
  expect(series.filter((one) => one.startsWith('with '))).toEqual([
    'with pass@k: eval/sums',
    'with pass@k: eval/sums-pass@1',
    'with pass@k: eval/sums-pass@2',
    'with pass@k: loss',
  ]);
});

it('the runs of a group give one result a task together', async () => {
  for (const id of ['with pass@k', 'without']) {
    await store.writer.putRun(id, { project: 'p', group: 'g' }, FULL_ACCESS);
  }
  const { series } = await given({ groupBy: 'group' });
  expect(series.sort()).toEqual(['g: eval/more', 'g: eval/sums-pass@1']);
});
