import type { LogEntry, MetricsRequest } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
let count = 0;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const AGE = 'rollouts/policyAge/p99';
const COLUMNS = ['policyVersion', 'trainingVersion'];
/** Rollouts of those ages. */
const aged = (step: number, ages: (number | null)[], table = 'rollouts'): LogEntry => ({
  step,
  time: 1_000 * step,
  tables: { [table]: { columns: COLUMNS, rows: ages.map((age) => (age === null ? [1, null] : [100 - age, 100])) } },
});
const fresh = () => `run ${++count}`;

async function read(run: string, metrics: string[], request: Partial<MetricsRequest> = {}) {
  return store.reader.metrics({ runs: [run], metrics, reduce: 'none', ...request }, FULL_ACCESS);
}

/** Value by step. */
async function curve(run: string, metric: string, request: Partial<MetricsRequest> = {}) {
  const [series] = (await read(run, [metric], request)).series;
  return Object.fromEntries((series?.step ?? []).map((step, i) => [String(step), series?.value[i]]));
}

/** As NumPy has it. */
function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const [low = 0, high = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place % 1);
}

it('are of all rows of a step, however many batches they came in', async () => {
  const run = fresh();
  const ages = Array.from({ length: 97 }, (_, i) => (i * 37) % 23);
  for (let from = 0; from < ages.length; from += 10) {
    await store.log(run, [aged(1, ages.slice(from, from + 10)), aged(2, [1, null])]);
  }
  await store.log(run, [aged(3, [null])]);
  const mean = ages.reduce((sum, age) => sum + age, 0) / ages.length;
  expect((await curve(run, AGE))[1]).toBeCloseTo(quantile(ages, 0.99), 9);
  expect((await curve(run, 'rollouts/policyAge/mean'))[1]).toBeCloseTo(mean, 9);
  expect(await curve(run, AGE)).toMatchObject({ 2: 1 });
  expect(Object.keys(await curve(run, AGE))).toEqual(['1', '2']);
  expect(await curve(run, AGE, { x: 'time' })).toEqual(await curve(run, AGE));
  const { metrics } = await store.reader.metricList({ runs: [run] }, FULL_ACCESS);
  expect(metrics).toEqual([
    expect.objectContaining({ name: 'rollouts/policyAge/mean', points: 2 }),
    expect.objectContaining({ name: AGE, points: 2, firstStep: 1, lastStep: 2, last: 1 }),
  ]);
});

it('are seconds of turns, each kind that took any and the whole', async () => {
  const run = fresh();
  const turns = (generate: number, tool: number) => [
    { kind: 'generate', seconds: generate },
    { kind: 'tool', seconds: tool },
  ];
  const columns = [{ name: 'turns', role: 'turns' as const }];
  const seconds = [turns(1, 4), turns(3, 0), turns(2, 5)];
  await store.log(run, [{ step: 1, tables: { rollouts: { columns, rows: seconds.map((one) => [one]) } } }]);
  const all = await read(run, ['rollouts/*']);
  expect(Object.fromEntries(all.series.map(({ metric, value }) => [metric, value[0]]))).toEqual({
    'rollouts/generateSeconds/p50': 2,
    'rollouts/generateSeconds/p99': quantile([1, 3, 2], 0.99),
    'rollouts/toolSeconds/p50': 4,
    'rollouts/toolSeconds/p99': quantile([4, 0, 5], 0.99),
    'rollouts/seconds/p50': 5,
    'rollouts/seconds/p99': quantile([5, 3, 7], 0.99),
  });
});

it('stay what they were at a moment, and followers learn of what came', async () => {
  const run = fresh();
  await store.log(run, [aged(1, [1]), aged(2, [2])]);
  const before = await read(run, [AGE]);
  await store.log(run, [aged(2, [6]), aged(3, [3])]);
  expect(await curve(run, AGE, { asOf: before.asOf })).toEqual({ 1: 1, 2: 2 });
  for (const x of ['step', 'time'] as const) {
    const more = await read(run, [AGE], { since: before.asOf, x });
    expect(more.reset).toBeUndefined();
    expect(more.series[0]).toMatchObject({ step: [2, 3], value: [quantile([2, 6], 0.99), 3], totalPoints: 3 });
  }
});

it('go on after a restart from the rows that are there', async () => {
  const run = fresh();
  await store.log(run, [aged(1, [9, 1]), aged(2, [4])]);
  const { directory } = store;
  await store.stop();
  store = await openStore({ directory });
  await store.log(run, [aged(1, [2]), aged(2, [8, 6])]);
  await store.log(run, [aged(1, [3])]);
  expect(await curve(run, AGE)).toEqual({ 1: quantile([9, 1, 2, 3], 0.99), 2: quantile([4, 8, 6], 0.99) });
  expect(store.runIndex.get(run)?.latest.get(AGE)?.value).toBe(quantile([4, 8, 6], 0.99));
});

it('are of the rows of the newest attempt, those that came before its points among them', async () => {
  const run = fresh();
  const point = (step: number): LogEntry => ({ step, metrics: { loss: step } });
  for (const step of [1, 2, 3]) {
    await store.log(run, [{ ...aged(step, [step]), ...point(step) }]);
  }
  // The resumed job's rows of step 2 come before the point that tells that it went back.
  await store.log(run, [aged(2, [20])]);
  expect(await curve(run, AGE)).toEqual({ 1: 1, 2: quantile([2, 20], 0.99), 3: 3 });
  await store.log(run, [point(2)]);
  expect(store.runIndex.get(run)?.record.attempts).toHaveLength(2);
  expect(await curve(run, AGE)).toEqual({ 1: 1, 2: 20, 3: 3 });
  await store.log(run, [aged(2, [30]), { ...aged(3, [5]), ...point(3) }]);
  expect(await curve(run, AGE)).toEqual({ 1: 1, 2: quantile([20, 30], 0.99), 3: 5 });
  const { series } = await read(run, [AGE], { attempts: 'all' });
  expect(series.map(({ attempt, step, value }) => ({ attempt, step, value }))).toEqual([
    { attempt: 1, step: [1, 2, 3], value: [1, 2, 3] },
    { attempt: 2, step: [2, 3], value: [quantile([20, 30], 0.99), 5] },
  ]);
});

it('begin no attempt, and leave followers of other metrics alone', async () => {
  const run = fresh();
  await store.log(run, [
    { ...aged(1, [1]), metrics: { loss: 1 } },
    { ...aged(2, [1]), metrics: { loss: 2 } },
  ]);
  const before = await read(run, ['loss']);
  await store.log(run, [aged(1, [7])]);
  await store.log(run, [aged(2, [7])]);
  await store.log(run, [aged(1, [8])]);
  expect(store.runIndex.get(run)?.record).toMatchObject({ attempts: [{ n: 1 }] });
  expect(store.runIndex.get(run)?.record.rewritten).toBeUndefined();
  expect((await read(run, ['loss'], { since: before.asOf })).reset).toBeUndefined();
});

it('give way to what a run logs by their name itself', async () => {
  const own = fresh();
  await store.log(own, [{ ...aged(1, [5]), metrics: { [AGE]: -1 } }, aged(2, [5])]);
  expect(await curve(own, AGE)).toEqual({ 1: -1 });
  const late = fresh();
  await store.log(late, [aged(1, [5]), aged(2, [6])]);
  await store.log(late, [{ step: 2, metrics: { [AGE]: -2 } }, aged(3, [7])]);
  expect(await curve(late, AGE)).toEqual({ 1: 5, 2: -2 });
  expect(store.runIndex.get(late)?.record.attempts).toHaveLength(1);
});

it('are none of rows that have another step than their entry', async () => {
  const run = fresh();
  const columns = ['step', ...COLUMNS];
  await store.log(run, [
    {
      step: 4,
      tables: {
        rollouts: {
          columns,
          rows: [
            [3, 90, 100],
            [4, 95, 100],
          ],
        },
      },
    },
  ]);
  expect(await curve(run, AGE)).toEqual({ 4: 5 });
});

it('go with the run, and are those of a new one under its id', async () => {
  const run = fresh();
  await store.log(run, [aged(1, [9])]);
  await store.writer.deleteRun(run, FULL_ACCESS);
  await store.log(run, [aged(1, [2])]);
  expect(await curve(run, AGE)).toEqual({ 1: 2 });
});

it('cost tables without such columns no statement, and a step that began lately none either', async () => {
  const run = fresh();
  const plain = (step: number): LogEntry => ({
    step,
    tables: { plain: { columns: ['prompt', 'n'], rows: [['a', 1]] } },
  });
  const spy = vi.spyOn(store.engine, 'rowsAtSteps');
  await store.log(run, [plain(1)]);
  await store.log(run, [plain(1)]);
  await store.log(run, [aged(1, [1])]);
  await store.log(run, [aged(1, [2])]);
  await store.log(run, [aged(2, [3])]);
  expect(spy).not.toHaveBeenCalled();
  // Of steps that came long ago only the engine knows: one statement, however many there are.
  await store.log(
    run,
    Array.from({ length: 20 }, (_, i) => aged(3 + i, [1])),
  );
  await store.log(run, [aged(1, [3]), aged(2, [4])]);
  expect(spy).toHaveBeenCalledTimes(1);
  expect(await curve(run, AGE, { steps: { to: 2 } })).toEqual({
    1: quantile([1, 2, 3], 0.99),
    2: quantile([3, 4], 0.99),
  });
  spy.mockRestore();
});

it('stay what they are at a step that has rows without end', async () => {
  const run = fresh();
  const many = (count: number, age: number) => aged(1, new Array<number>(count).fill(age));
  await store.log(run, [many(8_000, 1)]);
  await store.log(run, [many(8_000, 1)]);
  await store.log(run, [many(16_768, 1)]);
  const spy = vi.spyOn(store.engine, 'rowsAtSteps');
  await store.log(run, [many(1, 50)]);
  await store.log(run, [many(8_000, 50)]);
  expect(await curve(run, AGE)).toEqual({ 1: 1 });
  expect(spy).not.toHaveBeenCalled();
  const { directory } = store;
  await store.stop();
  store = await openStore({ directory });
  const again = vi.spyOn(store.engine, 'rowsAtSteps');
  await store.log(run, [aged(1, [50]), aged(2, [3])]);
  await store.log(run, [aged(1, [50])]);
  expect(again).toHaveBeenCalledTimes(1);
  expect(await curve(run, AGE)).toEqual({ 1: 1, 2: 3 });
});
