import assert from 'node:assert/strict';
import { machine } from './machine';
import { median as medianOf } from './median';
import { type StartedStore, startStore } from './startStore';

/**
 * What stands above the table and behind a row, of 500,000 rollouts (500 steps of 125 prompts by 8 samples): the
 * distribution by step, the same as a grid, the group of one row, its prompt at other steps, the steps around one.
 */
const STEPS = 500;
const PROMPTS = 125;
const SAMPLES = 8;
const REPEATS = 7;
/** Prompts come again every so many steps, as in a few epochs. */
const EPOCH = 40;

type Body = Record<string, unknown>;

async function call<T>(store: StartedStore, path: string, body: Body, method = 'POST'): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text.slice(0, 500));
  return JSON.parse(text) as T;
}

const noise = (n: number) => {
  const mixed = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
};

async function seed(store: StartedStore): Promise<void> {
  await call(store, '/runs/r', { project: 'bench' }, 'PUT');
  const columns = ['prompt', 'response', 'reward', 'advantage', 'group_id'];
  for (let step = 0; step < STEPS; step++) {
    const rows = Array.from({ length: PROMPTS * SAMPLES }, (_, i) => {
      const prompt = ((step % EPOCH) * PROMPTS + Math.floor(i / SAMPLES)).toString();
      const reward = noise(step * 1_000 + i) < 0.2 + step / 1_000 ? 1 : Math.round(noise(i + step) * 10) / 50;
      const response = `answer ${'word '.repeat(10 + Math.floor(noise(i * 7 + step) * 40))}${i}`;
      return [`Question ${prompt}?`, response, reward, 0, `${step}-${Math.floor(i / SAMPLES)}`];
    });
    const entries = [{ step, time: 1.7e12 + step * 60_000, tables: { rollouts: { columns, rows } } }];
    await call(store, '/runs/r/log', { entries });
  }
}

const median = (what: () => Promise<unknown>) => medianOf(what, REPEATS);

const store = await startStore();
try {
  await seed(store);
  console.log(machine());
  const of = { runs: ['r'], table: 'rollouts' };
  const total = STEPS * PROMPTS * SAMPLES;
  const { rows } = await call<{ rows: string[][] }>(store, '/query/rows', {
    ...of,
    columns: ['promptHash', 'group_id'],
    steps: { from: 250, to: 250 },
    limit: 1,
  });
  const [hash, group] = rows[0] ?? [];
  const page = { ...of, columns: ['step', 'reward', 'response'], limit: 512 };
  const questions: Record<string, () => Promise<unknown>> = {
    'distribution by step, 20 bins': () => call(store, '/query/distribution', { ...of, column: 'reward', bins: 20 }),
    'distribution of length against reward': () =>
      call(store, '/query/distribution', { ...of, column: 'reward', by: 'chars', bins: 20, byBins: 40 }),
    'the group of a row': () =>
      call(store, '/query/rows', {
        ...page,
        filter: [
          { column: 'run', op: 'eq', value: 'r' },
          { column: 'step', op: 'eq', value: 250 },
          { column: 'group_id', op: 'eq', value: group },
        ],
      }),
    'its prompt at every step': () =>
      call(store, '/query/rows', {
        ...page,
        filter: [{ column: 'promptHash', op: 'eq', value: hash }],
        orderBy: [{ column: 'step', direction: 'desc' }],
      }),
    'the step after a step': () =>
      call(store, '/query/rows', {
        ...page,
        filter: [{ column: 'step', op: 'gt', value: 250 }],
        orderBy: [{ column: 'step', direction: 'asc' }],
        limit: 1,
      }),
  };
  // The baseline: a count of all rows under a filter that holds for each, which reads one column of every row.
  const scan = await median(() =>
    call(store, '/query/rows', {
      ...of,
      columns: ['step'],
      filter: [{ column: 'reward', op: 'ge', value: -9 }],
      limit: 0,
    }),
  );
  console.log(`${total.toLocaleString('en')} rollouts; baseline, one filter over all of them: ${scan.toFixed(1)} ms`);
  for (const [name, ask] of Object.entries(questions)) {
    const time = await median(ask);
    console.log(`${name}: ${time.toFixed(1)} ms (${(time / scan).toFixed(1)} × the baseline)`);
  }
  // What the panel draws is bounded whatever the number of rows: that can be a gate.
  const answer = await call<{ steps: unknown[]; edges: number[] }>(store, '/query/distribution', {
    ...of,
    column: 'reward',
  });
  assert.ok(answer.steps.length <= 256 && answer.edges.length === 21, 'a distribution has at most 256 ranges of steps');
} finally {
  await store.stop();
}
