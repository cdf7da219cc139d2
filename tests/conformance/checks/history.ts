import assert from 'node:assert/strict';
import { type Check, writes } from '../Check';
import { newRun } from './logging';

const point = (step: number, value: number) => ({ step, metrics: { m: value } });
const row = (step: number, value: number) => ({ step, tables: { t: { columns: ['v'], rows: [[value]] } } });

/** Attempts, versions, and moments. */
export const history: Check[] = [
  writes('reads a resumed run as one curve, and gives what it superseded when asked', async (scene) => {
    const run = await newRun(scene, 'resumed');
    await run.log([1, 2, 3, 4].map((step) => point(step, step)));
    await run.log([3, 4, 5].map((step) => point(step, step * 100)));
    assert.deepEqual(await run.values('m'), [
      [
        [1, 1],
        [2, 2],
        [3, 300],
        [4, 400],
        [5, 500],
      ],
    ]);
    const { attempts } = await scene.store.ask('run', { id: run.id });
    assert.deepEqual(
      attempts.map(({ n, fromStep }) => [n, fromStep]),
      [
        [1, 1],
        [2, 3],
      ],
    );
    const all = (await run.values('m', { attempts: 'all' })).flat();
    assert.deepEqual(all.map(([step, value]) => `${step}:${value}`).sort(), [
      '1:1',
      '2:2',
      '3:3',
      '3:300',
      '4:4',
      '4:400',
      '5:500',
    ]);
  }),

  writes('takes steps of one batch in any order', async (scene) => {
    const run = await newRun(scene, 'any-order');
    await run.log([{ metrics: { host: 1 } }, point(-5, 1), point(0, 2)]);
    const [values] = await run.values('m');
    assert.deepEqual(values, [
      [-5, 1],
      [0, 2],
    ]);
    assert.deepEqual(await run.values('host', { x: 'time' }), [[[null, 1]]], 'a point may have no step');
  }),

  writes('keeps every version of a table, and gives the latest alone', async (scene) => {
    const run = await newRun(scene, 'versions');
    await run.log([row(1, 1), row(2, 2)]);
    await run.log([row(2, 3)]);
    assert.equal((await run.rows('t')).total, 3);
    const latest = await run.rows('t', { version: 'latest', columns: ['v'] });
    assert.deepEqual(latest.rows, [[2], [3]], 'a version is what was logged under one step');
  }),

  writes('lets a step or time column of a table override those of the entry', async (scene) => {
    const run = await newRun(scene, 'override');
    const table = {
      columns: ['step', 'time', 'v'],
      rows: [
        [7, 1_000, 'a'],
        [8, 2_000, 'b'],
      ],
    };
    await run.log([{ step: 1, time: 5, tables: { t: table } }]);
    const answer = await run.rows('t', { columns: ['step', 'time', 'v'] });
    assert.deepEqual(answer.rows, table.rows);
    assert.equal((await run.rows('t', { steps: { from: 8 } })).total, 1);
    assert.equal((await run.rows('t', { times: { to: 1_000 } })).total, 1);
  }),

  writes('answers for the moment that it is asked for, while data pours in', async (scene) => {
    const run = await newRun(scene, 'moments');
    await run.log([point(1, 1), row(1, 1)]);
    const before = await run.rows('t');
    await run.log([point(2, 2), row(2, 2)]);
    const old = { asOf: before.asOf };
    assert.equal((await run.rows('t', old)).total, 1);
    assert.deepEqual(await run.values('m', old), [[[1, 1]]]);
    const body = { runs: [run.id], table: 't', ...old };
    assert.equal((await scene.store.ask('queryDistribution', { body: { ...body, column: 'v' } })).total, 1);
    assert.equal((await scene.store.ask('createExport', { body: { ...body, format: 'csv' } })).rows, 1);
    assert.equal((await run.rows('t')).total, 2);
  }),

  writes('keeps an export at the moment that it was asked for', async (scene) => {
    const run = await newRun(scene, 'late-download');
    await run.log([row(1, 1)]);
    const body = { runs: [run.id], table: 't', format: 'jsonl' };
    const ticket = await scene.store.ask('createExport', { body });
    await run.log([row(2, 2)]);
    const text = await (await scene.store.fetch(ticket.path)).text();
    assert.equal(text.trim().split('\n').length, ticket.rows);
  }),

  writes('gives what came since a moment, or says that a whole reading is needed', async (scene) => {
    const run = await newRun(scene, 'since');
    await run.log([point(1, 1), row(1, 1)]);
    const first = await run.rows('t');
    await run.log([point(2, 2), row(2, 2)]);
    const news = await run.rows('t', { since: first.asOf, columns: ['v'] });
    assert.ok(news.reset || JSON.stringify(news.rows) === '[[2]]', JSON.stringify(news.rows));
    const body = { runs: [run.id], metrics: ['m'], reduce: 'none', since: first.asOf };
    const metrics = await scene.store.ask('queryMetrics', { body });
    const [series] = metrics.series;
    if (!metrics.reset) {
      const kept =
        series?.from !== undefined && series.from <= 2 ? [1, 2].filter((step) => step < (series.from ?? 0)) : [1];
      assert.deepEqual(
        [...kept, ...(series?.step ?? [])],
        [1, 2],
        'what the client has and what it gets make the whole',
      );
    }
    await run.log([point(1, 10)]);
    const rewritten = await scene.store.ask('queryMetrics', { body });
    const replaces = (rewritten.series[0]?.from ?? Number.POSITIVE_INFINITY) <= 1;
    assert.ok(rewritten.reset || replaces, 'a superseded point is never left standing');
  }),

  writes('asks for a whole reading after a delete', async (scene) => {
    const run = await newRun(scene, 'kept');
    const gone = await newRun(scene, 'deleted');
    await run.log([row(1, 1)]);
    await gone.log([row(1, 1)]);
    const body = { runs: [run.id, gone.id], table: 't' };
    const { asOf, total } = await scene.store.ask('queryRows', { body });
    assert.equal(total, 2);
    assert.deepEqual(await scene.store.ask('deleteRun', { id: gone.id }), { deleted: gone.id });
    const after = await scene.store.ask('queryRows', { body: { ...body, since: asOf } });
    assert.equal(after.reset, true);
    await scene.store.refuse('run', 'run_not_found', { id: gone.id });
  }),
];
