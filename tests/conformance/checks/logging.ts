import assert from 'node:assert/strict';
import { type Check, type Scene, writes } from '../Check';

/** A new run, and ways to log to it and to read it back. */
export async function newRun({ store, fresh, project }: Scene, label: string) {
  const id = fresh(label);
  await store.ask('putRun', { id, body: { project } });
  return {
    id,
    log: (entries: object[], batchId?: string) =>
      store.ask('log', { id, body: { entries, ...(batchId !== undefined && { batchId }) } }),
    values: async (metric: string, more: object = {}) => {
      const body = { runs: [id], metrics: [metric], reduce: 'none', ...more };
      const { series } = await store.ask('queryMetrics', { body });
      return series.map(({ step, value }) => step.map((s, i) => [s, value[i]]));
    },
    rows: (table: string, more: object = {}) => store.ask('queryRows', { body: { runs: [id], table, ...more } }),
  };
}

const point = (step: number, value: number | string = step) => ({ step, metrics: { m: value } });
const ndjson = { 'content-type': 'application/x-ndjson' };

/** Taking data: whole or not at all, and once. */
export const logging: Check[] = [
  writes('shows what was logged as soon as it has said so', async (scene) => {
    const run = await newRun(scene, 'durable');
    assert.deepEqual(await run.log([point(1), point(2)]), { accepted: 2 });
    assert.deepEqual(await run.values('m'), [
      [
        [1, 1],
        [2, 2],
      ],
    ]);
    const read = await scene.store.ask('run', { id: run.id });
    assert.equal(read.lastStep, 2);
    assert.equal(read.state, 'running');
    assert.equal(read.summary?.m, 2);
  }),

  writes('stores a batch once, however often it is sent', async (scene) => {
    const run = await newRun(scene, 'retries');
    const table = { columns: ['a'], rows: [[1]] };
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await run.log([{ ...point(1), tables: { t: table } }], 'batch-1'), { accepted: 1 });
    }
    await run.log([{ step: 2, tables: { t: table } }], 'batch-2');
    assert.equal((await run.rows('t')).total, 2);
    const other = await newRun(scene, 'retries-of-another');
    await other.log([{ step: 1, tables: { t: table } }], 'batch-1');
    assert.equal((await other.rows('t')).total, 1, 'a batch id belongs to its run');
  }),

  writes('stores the same batch once when it is sent many times at the same moment', async (scene) => {
    const run = await newRun(scene, 'races');
    const entry = { step: 1, tables: { t: { columns: ['a'], rows: [[1]] } } };
    await Promise.all(Array.from({ length: 8 }, () => run.log([entry], 'same')));
    assert.equal((await run.rows('t')).total, 1);
  }),

  writes('stores all of a request or nothing', async (scene) => {
    const run = await newRun(scene, 'atomic');
    const bad: unknown[] = [
      { step: 'x' },
      { metrics: { m: 'nan' } },
      { tables: { t: { columns: ['a'], rows: [[1], [1, 2]] } } },
      { tables: { t: { columns: ['a', 'a'], rows: [[1, 2]] } } },
      { tables: { t: { columns: ['run'], rows: [['x']] } } },
      { tables: { t: { columns: ['step'], rows: [['not a step']] } } },
    ];
    for (const entry of bad) {
      const body = { batchId: 'b', entries: [point(1), entry] };
      const message = await scene.store.refuse('log', 'invalid_request', { id: run.id, body });
      assert.match(message, /entries\[1\]|entry 1/i, `the message says which entry: ${message}`);
    }
    await scene.store.refuse('queryMetrics', 'metric_not_found', { body: { runs: [run.id], metrics: ['m'] } });
    assert.deepEqual(await run.log([point(5)], 'b'), { accepted: 1 }, 'the batch id of a refused request is free');
    assert.deepEqual(await run.values('m'), [[[5, 5]]]);
  }),

  writes('takes NDJSON, and says which line is wrong', async (scene) => {
    const run = await newRun(scene, 'ndjson');
    const lines = [point(1), point(2)].map((entry) => JSON.stringify(entry));
    const send = (body: string, query?: Record<string, string>) => ({
      id: run.id,
      body,
      headers: ndjson,
      ...(query && { query }),
    });
    for (const [body, code, line] of [
      [`${lines.join('\n')}\n\n{"step":`, 'invalid_json', 4],
      [`${lines.join('\r\n')}\r\n{"step":"3"}\n`, 'invalid_request', 3],
      [`\n${lines.join('')}\n`, 'invalid_json', 2],
    ] as const) {
      assert.match(await scene.store.refuse('log', code, send(body)), new RegExp(`line ${line}\\b`, 'i'));
    }
    await scene.store.refuse('queryMetrics', 'metric_not_found', { body: { runs: [run.id], metrics: ['m'] } });
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(await scene.store.ask('log', send(`${lines.join('\n')}\n`, { batchId: 'n' })), { accepted: 2 });
    }
    assert.deepEqual(await run.values('m'), [
      [
        [1, 1],
        [2, 2],
      ],
    ]);
  }),

  writes('takes a heartbeat, and refuses to log to a run that is not there', async (scene) => {
    const run = await newRun(scene, 'heartbeat');
    assert.deepEqual(await run.log([]), { accepted: 0 });
    const missing = { id: scene.fresh('never-put'), body: { entries: [point(1)] } };
    await scene.store.refuse('log', 'run_not_found', missing);
  }),

  writes('refuses a body that is neither JSON nor NDJSON', async (scene) => {
    const run = await newRun(scene, 'media');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense']) {
      const options = { id: run.id, body: '{"entries":[]}', headers: { 'content-type': type } };
      await scene.store.refuse('log', 'unsupported_media_type', options);
    }
  }),
];
