import assert from 'node:assert/strict';
import { type GOALS, note } from './figures';
import { machine } from './machine';
import { median } from './median';
import { startStore } from './startStore';

/** Rows of the table; the goal is for a million. */
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const BATCH = 10_000;
const PER_STEP = 1_000;
const REPEATS = 5;
const AT_ONCE = 32;
/** Rollouts that somebody labelled. */
const LABELLED = [0, 100, 10_000].filter((count) => count <= ROWS / 10);
const COLUMNS = ['prompt', 'response', 'reward'];
const OF_LABELS = ['labelStars', 'labelVerdict', 'labelVerdicts', 'labelComment', 'labelPeople', 'labelTime'];

type Ask = <T>(method: string, path: string, body: object) => Promise<T>;

/** What labels cost a table of a million rows: pages, filters, orders and lenses of them, beside the same by the reward. */
export async function benchLabels(): Promise<void> {
  const store = await startStore();
  const ask: Ask = async (method, path, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    assert.equal(answer.status, 200, text.slice(0, 300));
    return JSON.parse(text);
  };
  try {
    console.log(`Labels on a table of ${ROWS} rollouts over HTTP, medians of ${REPEATS}, on ${machine()}`);
    await seed(ask);
    let done = 0;
    for (const count of LABELLED) {
      await label(ask, done, count);
      done = count;
      await measure(ask, count);
    }
  } finally {
    await store.stop();
  }
}

async function seed(ask: Ask): Promise<void> {
  await ask('PUT', '/runs/million', { project: 'bench' });
  for (let from = 0; from < ROWS; from += BATCH) {
    const entries = Array.from({ length: BATCH / PER_STEP }, (_, i) => {
      const first = from + i * PER_STEP;
      const rows = Array.from({ length: PER_STEP }, (_, n) => [
        `question ${(first + n) >> 3}`,
        `answer ${first + n}, after some thought`,
        (((first + n) * 7_919) % 1_000) / 1_000,
      ]);
      return { step: first / PER_STEP, tables: { rollouts: { columns: COLUMNS, rows } } };
    });
    await ask('POST', '/runs/million/log', { entries });
  }
}

/** Labels more rollouts, which lie everywhere in the table. */
async function label(ask: Ask, from: number, to: number): Promise<void> {
  if (to === from) {
    return;
  }
  const every = Math.floor(ROWS / to);
  const ids: string[] = [];
  const verdicts = ['good', 'bad', 'hack', 'unclear'];
  for (let step = 0; step < ROWS / PER_STEP; step++) {
    const steps = { from: step, to: step };
    const wanted = Math.ceil(PER_STEP / every) || 1;
    if ((step * PER_STEP) % every < PER_STEP && ids.length < to) {
      const body = { runs: ['million'], table: 'rollouts', steps, columns: ['reward'], limit: wanted };
      ids.push(...(await ask<{ rowIds: string[] }>('POST', '/query/rows', body)).rowIds);
    }
  }
  const waiting = ids.slice(0, to).entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [i, id] of waiting) {
        const said = { person: `p${i % 7}`, star: i % 2 === 0, verdict: verdicts[i % 4], comment: `note ${i}` };
        await ask('PUT', `/labels/${id}`, said);
      }
    }),
  );
}

async function measure(ask: Ask, count: number): Promise<void> {
  const page = (body: object) => () =>
    ask('POST', '/query/rows', { runs: ['million'], table: 'rollouts', limit: 25, preview: 2_000, ...body });
  const desc = (column: string) => [{ column, direction: 'desc' }];
  const lens = count > 0 ? [['lens', { lens: 'worst' }, { lens: 'labelled' }] as const] : [];
  const kinds = [
    ['page', { columns: COLUMNS }, { columns: [...COLUMNS, ...OF_LABELS] }],
    ['order', { orderBy: desc('reward') }, { orderBy: desc('labelTime') }],
    [
      'filter',
      { filter: [{ column: 'reward', op: 'ge', value: 0.999 }] },
      { filter: [{ column: 'labelStars', op: 'ge', value: 1 }] },
    ],
    ...lens,
  ] as const;
  for (const [name, without, of] of kinds) {
    const plain = await median(page({ columns: COLUMNS, ...without }), REPEATS);
    const labels = await median(page({ columns: [...COLUMNS, ...OF_LABELS], ...of }), REPEATS);
    const times = labels / plain;
    console.log(
      `${count} labels, ${name}: ${labels.toFixed(0)} ms; without labels ${plain.toFixed(0)} ms, ${times.toFixed(1)} ×`,
    );
    const id = `labels${name[0]?.toUpperCase()}${name.slice(1)}` as keyof typeof GOALS;
    if (count === LABELLED.at(-1)) {
      note(id, { value: times });
    }
  }
}

if (process.argv[1]?.endsWith('labels.ts')) {
  await benchLabels();
}
