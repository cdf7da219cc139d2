import assert from 'node:assert/strict';
import { type Check, writes } from '../Check';
import { newRun } from './logging';

/** A run's life: made, merged, ended, reopened, deleted; and its events. */
export const lifecycle: Check[] = [
  writes('creates a run once and merges after that', async ({ store, fresh, project }) => {
    const id = fresh('merged');
    const first = await store.ask('putRun', {
      id,
      body: { project, name: 'one', group: 'g', tags: ['a'], config: { lr: 1e-6, keep: { a: 1 } } },
    });
    assert.equal(first.state, 'running');
    const again = await store.ask('putRun', { id, body: { project, tags: ['b'], config: { lr: 2e-6, keep: null } } });
    assert.deepEqual([again.name, again.group, again.tags, again.config], ['one', 'g', ['b'], { lr: 2e-6 }]);
    assert.equal(again.createdAt, first.createdAt);
  }),

  writes('never moves a run to another project', async ({ store, fresh, project }) => {
    const id = fresh('moved');
    await store.ask('putRun', { id, body: { project } });
    await store.refuse('putRun', 'project_conflict', { id, body: { project: `${project}-other` } });
  }),

  writes('ends a run, and reopens it when it logs again', async (scene) => {
    const run = await newRun(scene, 'ended');
    const ended = await scene.store.ask('finish', { id: run.id });
    assert.equal(ended.state, 'finished');
    assert.ok(ended.finishedAt !== undefined);
    assert.equal((await scene.store.ask('finish', { id: run.id, body: { state: 'failed' } })).state, 'failed');
    await run.log([]);
    const reopened = await scene.store.ask('run', { id: run.id });
    assert.deepEqual([reopened.state, reopened.finishedAt], ['running', undefined]);
  }),

  writes('hides archived runs from lists unless they are asked for', async ({ store, fresh, project }) => {
    const id = fresh('archived');
    await store.ask('putRun', { id, body: { project, archived: true } });
    const ids = async (query: Record<string, string>) =>
      (await store.ask('runs', { query: { project, limit: '1000', ...query } })).runs.map((run) => run.id);
    assert.ok(!(await ids({})).includes(id));
    assert.ok((await ids({ archived: 'true' })).includes(id));
    assert.equal((await store.ask('run', { id })).archived, true);
  }),

  writes('finds runs by config, summary, group and tag', async (scene) => {
    const { store, fresh, project } = scene;
    const run = await newRun(scene, 'selected');
    await store.ask('putRun', {
      id: run.id,
      body: { project, group: fresh('group'), tags: ['x', 'y'], config: { algo: { name: 'grpo' }, lr: 1e-6 } },
    });
    await run.log([{ step: 1, metrics: { 'eval/acc': 0.5 } }]);
    const { group } = await store.ask('run', { id: run.id });
    const inProject = { column: 'project', op: 'eq', value: project };
    const conditions = [
      { column: 'group', op: 'eq', value: group },
      { column: 'config.algo.name', op: 'contains', value: 'GRPO' },
      { column: 'config.lr', op: 'lt', value: 1e-5 },
      { column: 'config.lr', op: 'eq', value: '1e-6' },
      { column: 'config.lr', op: 'in', value: ['0.000001', 'x'] },
      { column: 'summary.eval/acc', op: 'ge', value: 0.5 },
    ];
    for (const condition of conditions) {
      const where = [inProject, condition, { column: 'tag', op: 'eq', value: 'y' }];
      const { runs } = await store.ask('queryRuns', { body: { where } });
      assert.deepEqual(
        runs.map(({ id }) => id),
        [run.id],
        JSON.stringify(condition),
      );
      const { series } = await store.ask('queryMetrics', { body: { runs: { where }, metrics: ['eval/*'] } });
      assert.deepEqual(
        series.map((one) => one.run),
        [run.id],
      );
    }
    const { keys } = await store.ask('queryKeys', { body: { runs: [run.id] } });
    assert.ok(keys.some(({ key }) => key === 'config.algo.name'));
    const { values } = await store.ask('queryValues', { body: { key: 'config.lr', runs: [run.id] } });
    assert.deepEqual(values, [{ value: 1e-6, runs: 1 }]);
  }),

  writes('stores events once, and finds them by run, time and type', async (scene) => {
    const [one, two] = [await newRun(scene, 'events, one'), await newRun(scene, 'events-two')];
    const post = (id: string, events: object[]) => scene.store.ask('logEvents', { id, body: { events } });
    const checkpoint = { id: 'c1', type: 'checkpoint', time: 2_000, step: 10, title: 'Saved', values: { path: '/x' } };
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(await post(one.id, [checkpoint]), { accepted: 1 });
    }
    await post(two.id, [{ type: 'note, odd', time: 1_000, title: 'Hello' }]);
    const list = (...parts: string[]) => parts.map(encodeURIComponent).join(',');
    const ask = async (query: Record<string, string>) =>
      (await scene.store.ask('events', { query: { run: list(one.id, two.id), to: '5000', ...query } })).events;
    assert.deepEqual(
      (await ask({})).map(({ run, title }) => [run, title]),
      [
        [two.id, 'Hello'],
        [one.id, 'Saved'],
      ],
    );
    assert.deepEqual(
      (await ask({ types: list('checkpoint') })).map(({ step }) => step),
      [10],
    );
    assert.deepEqual((await ask({ types: list('note, odd', 'checkpoint') })).length, 2);
    assert.deepEqual(
      (await ask({ from: '1500' })).map(({ values }) => values),
      [{ path: '/x' }],
    );
    await scene.store.refuse('events', 'invalid_request', { query: { from: 'yesterday' } });
    await scene.store.refuse('events', 'invalid_request', { query: { run: '100%' } });
  }),

  writes('derives what rollouts are filtered by, and guesses roles from names', async (scene) => {
    const run = await newRun(scene, 'derived');
    const columns = ['prompt', 'response', 'score'];
    const rows = [
      ['2+2?', '<think>four</think> 4', 1],
      ['2+2?', '<think>never closed', 0],
      ['3+3?', 'six', 1],
      ['2+2?', '<think>four</think> 4', 1],
    ];
    await run.log([{ step: 1, tables: { t: { columns, rows } } }]);
    const answer = await run.rows('t', { columns: ['promptHash', 'chars', 'thinkClosed', 'duplicateOf', ...columns] });
    assert.deepEqual(
      answer.columns.map(({ role }) => role),
      [...Array(4), 'prompt', 'response', 'reward'],
    );
    const [hashes, chars, closed, duplicates] = [0, 1, 2, 3].map((column) => answer.rows.map((row) => row[column]));
    assert.ok(hashes?.[0] === hashes?.[1] && hashes?.[0] === hashes?.[3] && hashes?.[0] !== hashes?.[2]);
    assert.deepEqual(chars, [21, 19, 3, 21]);
    assert.deepEqual(closed, [true, false, null, true]);
    assert.deepEqual(duplicates, [null, null, null, answer.rowIds[0]]);
    const { groups } = await scene.store.ask('queryGroups', { body: { runs: [run.id], table: 't' } });
    const [bySize] = groups.toSorted((a, b) => b.n - a.n);
    assert.deepEqual([bySize?.n, bySize?.min, bySize?.max], [3, 0, 1]);
    assert.ok(Math.abs((bySize?.mean ?? 0) - 2 / 3) < 1e-12);
  }),
];
