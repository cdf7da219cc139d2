import type { MetricsAnswer } from '@rolloscope/contract/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const logSteps = (steps: number[], value: (step: number) => number, metric = 'loss') =>
  store.log(
    'r',
    steps.map((step) => ({ step, metrics: { [metric]: value(step) } })),
  );
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const attempts = () => store.runIndex.get('r')?.record.attempts.map(({ n, fromStep }) => [n, fromStep]);
const series = async (metric: string, attempts?: 'all'): Promise<MetricsAnswer['series']> => {
  const request = { runs: ['r'], metrics: [metric], ...(attempts && { attempts }) };
  return (await store.reader.metrics(request, FULL_ACCESS)).series;
};
const rolloutRows = async () => {
  const answer = await store.reader.rows({ runs: ['r'], table: 't', columns: ['step', 'v'] }, FULL_ACCESS);
  return answer.rows;
};
const byStep = (a: unknown[], b: unknown[]) => Number(a[0]) - Number(b[0]);
const logRows = (step: number, v: string) => store.log('r', [{ step, tables: { t: { columns: ['v'], rows: [[v]] } } }]);

it('begins an attempt when a job goes back to a checkpoint, and reads the effective history', async () => {
  await logSteps(range(0, 30), (step) => step);
  await logSteps(range(15, 20), (step) => -step);
  expect(attempts()).toEqual([
    [1, 0],
    [2, 15],
  ]);
  const [effective] = await series('loss');
  expect(effective?.step).toEqual(range(0, 30));
  expect(effective?.value).toEqual(range(0, 30).map((step) => (step >= 15 && step <= 20 ? -step : step)));
  const all = await series('loss', 'all');
  expect(all.map(({ attempt, step }) => [attempt, step.length])).toEqual([
    [1, 31],
    [2, 6],
  ]);
  const { events } = await store.reader.events({ run: 'r', types: 'attempt' }, FULL_ACCESS);
  expect(events.map(({ id, step }) => [id, step])).toEqual([['attempt-2', 15]]);
});

it('takes an evaluation that comes late for what it is', async () => {
  await logSteps(range(0, 30), (step) => step);
  await logSteps([10], () => 0.5, 'eval/acc');
  await logSteps([31], () => 31);
  await logSteps([20], () => 0.6, 'eval/acc');
  // Late even among its own: 15 comes after 20, but was never logged before.
  await logSteps([15], () => 0.55, 'eval/acc');
  expect(attempts()).toEqual([[1, 0]]);
  const [effective] = await series('eval/acc');
  expect(effective?.step).toEqual([10, 15, 20]);
  expect(effective?.value).toEqual([0.5, 0.55, 0.6]);
});

it('lets an explorer and a trainer log one run at steps of their own', async () => {
  await store.log('r', [{ step: 0, metrics: { train: 1, explore: 1 } }]);
  for (const step of range(1, 20)) {
    await logSteps([step + 5], () => step, 'explore');
    await logSteps([step], () => step, 'train');
  }
  expect(attempts()).toEqual([[1, 0]]);
});

it('reads the last of two points of one step, and says that what was read is no longer so', async () => {
  await logSteps([1, 2], () => 1);
  const before = await store.reader.metrics({ runs: ['r'], metrics: ['loss'] }, FULL_ACCESS);
  await logSteps([2], () => 7);
  expect(attempts()).toEqual([[1, 1]]);
  const [one] = await series('loss');
  expect(one).toMatchObject({ step: [1, 2], value: [1, 7] });
  const next = { runs: ['r'], metrics: ['loss'], since: before.asOf };
  expect(await store.reader.metrics(next, FULL_ACCESS)).toMatchObject({ reset: true });
});

it('keeps what a resumed job did not log again at the step of its checkpoint', async () => {
  const rows = (v: string) => ({ columns: ['v'], rows: [[v]] });
  for (const step of range(1, 16)) {
    const metrics = { loss: step, ...(step % 5 === 0 && { 'val/acc': step }) };
    await store.log('r', [{ step, metrics, tables: { t: rows(`first ${step}`), u: rows(`first ${step}`) } }]);
  }
  // Evaluated once more at the checkpoint, as verl and TRL do, with rows of one of the tables.
  await store.log('r', [{ step: 10, metrics: { 'val/acc': -10 }, tables: { u: rows('again 10') } }]);
  for (const step of range(11, 13)) {
    await store.log('r', [{ step, metrics: { loss: -step }, tables: { t: rows(`again ${step}`) } }]);
  }
  expect(attempts()).toEqual([
    [1, 1],
    [2, 10],
  ]);
  const [loss] = await series('loss');
  expect(loss?.step).toEqual(range(1, 16));
  expect(loss?.value).toEqual([...range(1, 10), -11, -12, -13, 14, 15, 16]);
  const [acc] = await series('val/acc');
  expect(acc).toMatchObject({ step: [5, 10, 15], value: [5, -10, 15] });
  expect((await rolloutRows()).toSorted(byStep)).toEqual(
    range(1, 16).map((step) => [step, step >= 11 && step <= 13 ? `again ${step}` : `first ${step}`]),
  );
  const table = { runs: ['r'], table: 'u', columns: ['step', 'v'], steps: { from: 9, to: 11 } };
  expect((await store.reader.rows(table, FULL_ACCESS)).rows).toEqual([
    [9, 'first 9'],
    [10, 'again 10'],
  ]);
  const { tables } = await store.reader.tableList({ runs: ['r'] }, FULL_ACCESS);
  expect(tables.map(({ name, rows: count }) => [name, count])).toEqual([
    ['t', 16],
    ['u', 13],
  ]);
  const { metrics } = await store.reader.metricList({ runs: ['r'] }, FULL_ACCESS);
  expect(metrics.map(({ name, points }) => [name, points])).toEqual([
    ['loss', 16],
    ['val/acc', 3],
  ]);
});

it('tells whoever follows that rows were superseded, at each step that a resumed job goes over again', async () => {
  for (const step of range(1, 6)) {
    await logRows(step, `first ${step}`);
    await logSteps([step], () => 1);
  }
  await logSteps([3], () => 2);
  const follow = async (since: string) =>
    store.reader.rows({ runs: ['r'], table: 't', columns: ['step', 'v'], since }, FULL_ACCESS);
  let { asOf } = await store.reader.rows({ runs: ['r'], table: 't' }, FULL_ACCESS);
  for (const step of range(3, 6)) {
    await logRows(step, `again ${step}`);
    const answer = await follow(asOf);
    expect(answer).toMatchObject({ reset: true });
    asOf = answer.asOf;
  }
  await logRows(7, 'first 7');
  expect(await follow(asOf)).not.toHaveProperty('reset');
});

it('reads by time all that was logged at one step, but nothing that was superseded', async () => {
  const at = (time: number, loss: number, step = 0) => store.log('r', [{ step, time, metrics: { loss } }]);
  for (const i of range(1, 4)) {
    await at(i * 1_000, i);
  }
  const byTime = async () => {
    const request = { runs: ['r'], metrics: ['loss'], x: 'time' as const };
    return (await store.reader.metrics(request, FULL_ACCESS)).series.map(({ time, value }) => [time, value]);
  };
  expect(await byTime()).toEqual([
    [
      [1_000, 2_000, 3_000, 4_000],
      [1, 2, 3, 4],
    ],
  ]);
  await at(5_000, 5, 1);
  await at(6_000, 6, 2);
  await at(7_000, 7, 1);
  expect(await byTime()).toEqual([
    [
      [1_000, 2_000, 3_000, 4_000, 6_000, 7_000],
      [1, 2, 3, 4, 6, 7],
    ],
  ]);
});

it('tells a resume within one call, and within calls that are committed together', async () => {
  await store.writer.putRun('r', { project: 'p' }, FULL_ACCESS);
  await logSteps([...range(0, 5), ...range(3, 4)], (step) => step);
  expect(attempts()?.length).toBe(2);
  await Promise.all([logSteps(range(5, 9), () => 0), logSteps(range(7, 8), () => 1)]);
  expect(attempts()).toEqual([
    [1, 0],
    [2, 3],
    [3, 7],
  ]);
  const [effective] = await series('loss');
  expect(effective?.step).toEqual(range(0, 9));
});

it('moves rows that came before the points of the step that was gone back to', async () => {
  for (const step of range(1, 6)) {
    await logRows(step, `first ${step}`);
    await logSteps([step], () => 1);
  }
  for (const step of range(4, 5)) {
    await logRows(step, `again ${step}`);
    await logSteps([step], () => 2);
  }
  expect(await rolloutRows()).toEqual([
    [1, 'first 1'],
    [2, 'first 2'],
    [3, 'first 3'],
    [6, 'first 6'],
    [4, 'again 4'],
    [5, 'again 5'],
  ]);
});

it('leaves late rows in their attempt, also where their job died before it went on', async () => {
  await logSteps(range(1, 16), () => 1);
  for (const step of range(1, 16)) {
    await logRows(step, `first ${step}`);
  }
  await logSteps([11], () => 2);
  await logRows(11, 'again 11');
  await logSteps(range(12, 17), () => 2);
  for (const step of range(12, 17)) {
    await logRows(step, `again ${step}`);
  }
  expect((await rolloutRows()).toSorted(byStep).filter(([step]) => step !== 11)).toEqual(
    range(1, 17)
      .filter((step) => step !== 11)
      .map((step) => [step, `${step < 11 ? 'first' : 'again'} ${step}`]),
  );
});

it('leaves a straggling worker in its attempt', async () => {
  for (const step of range(1, 6)) {
    await logRows(step, `${step}`);
    await logSteps([step], () => 1);
  }
  await logRows(5, 'late');
  await logSteps([7], () => 1);
  await logSteps([3], () => 2);
  expect(attempts()).toEqual([
    [1, 1],
    [2, 3],
  ]);
  expect(await rolloutRows()).toContainEqual([5, 'late']);
});

it('leaves the rows of many steps in their attempt that came in one call with their points', async () => {
  const entry = (step: number, v: string) => ({
    step,
    metrics: { loss: step },
    tables: { t: { columns: ['v'], rows: [[v]] } },
  });
  await store.log('r', [entry(1, 'a'), entry(2, 'b'), entry(3, 'c')]);
  await store.log('r', [entry(2, 'again')]);
  expect(await rolloutRows()).toEqual([
    [1, 'a'],
    [3, 'c'],
    [2, 'again'],
  ]);
});

it('knows attempts again after a restart', async () => {
  await logSteps(range(0, 10), (step) => step);
  await logSteps(range(4, 6), (step) => -step);
  const before = await series('loss');
  await store.stop();
  store = await openStore({ directory: store.directory });
  expect(await series('loss')).toEqual(before);
  await logSteps([5], () => 100);
  expect(attempts()).toEqual([
    [1, 0],
    [2, 4],
    [3, 5],
  ]);
});

it('reads a run of earlier versions, whose resumed job seemed to begin at a step 0 that its client filled in', async () => {
  await store.log('r', [{ step: 0, metrics: { profiling: 1 } }]);
  await logSteps(range(1, 16), (step) => step);
  await logSteps(range(1, 1), () => 1, 'profiling');
  await logSteps([0], () => 3, 'profiling');
  await logSteps(range(11, 30), (step) => -step);
  expect(attempts()).toEqual([
    [1, 0],
    [2, 0],
  ]);
  await store.stop();
  store = await openStore({ directory: store.directory });
  expect(attempts()).toEqual([
    [1, 0],
    [2, 10],
  ]);
  const [loss] = await series('loss');
  expect(loss?.value).toEqual([...range(1, 10), ...range(11, 30).map((step) => -step)]);
});

it('takes ten thousand points in reverse order in a moment', async () => {
  const steps = range(0, 9_999).reverse();
  const begin = performance.now();
  await logSteps(steps, (step) => step);
  expect(performance.now() - begin).toBeLessThan(3_000);
  expect(attempts()?.length).toBe(1);
  const [one] = await series('loss');
  expect(one?.totalPoints).toBe(10_000);
});

it('begins no more attempts than a log call allows: the last point of a step counts, and nothing is superseded', async () => {
  await logSteps(range(0, 30), (step) => step);
  const entries = range(0, 3).map((step) => ({ step, metrics: { loss: -step } }));
  await store.writer.log('r', { entries }, FULL_ACCESS, { maxAttempts: 1 });
  expect(attempts()).toEqual([[1, 0]]);
  const [loss] = await series('loss');
  expect(loss?.step).toEqual(range(0, 30));
  expect(loss?.value.slice(0, 5)).toEqual([-0, -1, -2, -3, 4]);
  await store.writer.log('r', { entries }, FULL_ACCESS, { maxAttempts: 2 });
  expect(attempts()).toHaveLength(2);
});

it('tells so many attempts apart, reads them by their own steps, and takes what comes after that', async () => {
  // Each goes two steps on from the one before, and one back.
  for (let n = 0; n < 600; n += 50) {
    const steps = range(n, n + 49).flatMap((k) => range(2 * k, 2 * k + 3));
    await store.log(
      'r',
      steps.map((step, i) => ({ step, metrics: { loss: n * 4 + i } })),
    );
  }
  expect(attempts()).toHaveLength(500);
  const request = { runs: ['r'], metrics: ['loss'], maxPoints: 5_000 };
  const [loss] = (await store.reader.metrics(request, FULL_ACCESS)).series;
  const logged = range(0, 599).flatMap((k) => range(2 * k, 2 * k + 3).map((step) => step));
  expect(loss?.step).toEqual(range(0, 1_201));
  expect(loss?.value).toEqual(range(0, 1_201).map((step) => logged.lastIndexOf(step)));
  const { events } = await store.reader.events({ run: 'r', types: 'attempt' }, FULL_ACCESS);
  expect(events.at(-1)?.title).toMatch(/Attempt 500 .*later ones are not told apart/);
});
