import assert from 'node:assert/strict';
import { LENSES } from '@rolloscope/contract';
import { machine } from './machine';
import { median as medianOf } from './median';
import { type StartedStore, startStore } from './startStore';

/** Rows of the table; the goals are for a million. */
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const BATCH = 10_000;
/** Rollouts of one prompt at one step, and prompts of a step. */
const GROUP = 8;
const PROMPTS = 125;
const REPEATS = 5;
/** Other runs with a few rows each in a table of the same name, and rows of each. */
const SMALL_RUNS = 1_000;
const SMALL_ROWS = 16;
const PAGE = 25;

type Body = Record<string, unknown>;

/** A number 0–1 that depends on its argument alone, so that every run of the benchmark reads the same data. */
function noise(n: number): number {
  const mixed = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}

const WORDS = Array.from({ length: 2_000 }, (_, i) => Math.floor(noise(i + 77) * 1e9).toString(36));

function prose(seed: number, words: number): string {
  return Array.from({ length: words }, (_, i) => WORDS[Math.floor(noise(seed * 131 + i) * WORDS.length)]).join(' ');
}

async function call<T>(store: StartedStore, path: string, body: Body, method = 'POST'): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text.slice(0, 500));
  return JSON.parse(text) as T;
}

const COLUMNS = ['prompt', 'response', 'reward', 'reward_format', 'reward_answer', 'truncated'];

function row(n: number): unknown[] {
  const prompt = Math.floor(n / GROUP) % (PROMPTS * 10);
  const isRight = noise(n) < 0.3 + (0.5 * n) / ROWS;
  const isFormatted = noise(n + 0.5) < 0.9;
  const found = n % 10_000 === 0 ? ' Needle in Hay' : '';
  return [
    `Question ${prompt}: ${prose(prompt, 12)}?`,
    `<think>${prose(n, 40)}</think> ${prose(n + 1, 8)}${found}`,
    Number(isRight) + (isFormatted ? 0.1 : -0.1),
    isFormatted ? 0.1 : -0.1,
    Number(isRight),
    noise(n + 0.25) < 0.02,
  ];
}

/** A history of a million rollouts, as a trainer logs it: a version a step. */
async function seed(store: StartedStore): Promise<void> {
  await call(store, '/runs/million', { project: 'bench' }, 'PUT');
  const perStep = GROUP * PROMPTS;
  for (let from = 0; from < ROWS; from += BATCH) {
    const entries = Array.from({ length: Math.min(BATCH, ROWS - from) / perStep }, (_, i) => {
      const first = from + i * perStep;
      const rows = Array.from({ length: perStep }, (_, n) => row(first + n));
      return { step: first / perStep, time: 1.7e12 + first, tables: { rollouts: { columns: COLUMNS, rows } } };
    });
    await call(store, '/runs/million/log', { entries });
  }
  for (let run = 0; run < SMALL_RUNS; run++) {
    await call(store, `/runs/small-${run}`, { project: 'bench' }, 'PUT');
    const rows = Array.from({ length: SMALL_ROWS }, (_, n) => row(run * SMALL_ROWS + n));
    await call(store, `/runs/small-${run}/log`, {
      entries: [{ step: 1, tables: { rollouts: { columns: COLUMNS, rows } } }],
    });
  }
}

const median = (what: () => Promise<unknown>) => medianOf(what, REPEATS);

/** What the panel asks of a table of a million rows, over HTTP, with previews as the panel asks for them. */
export async function benchRows(): Promise<void> {
  const store = await startStore();
  try {
    console.log(`A table of ${ROWS} rollouts over HTTP, medians of ${REPEATS}, on ${machine()}`);
    const begin = performance.now();
    await seed(store);
    const seconds = (performance.now() - begin) / 1_000;
    console.log(`logged in ${seconds.toFixed(0)} s, ${Math.round(ROWS / seconds)} rows a second`);

    const selection = { runs: ['million'], table: 'rollouts' };
    const columns = ['step', 'reward', 'prompt', 'response', 'truncated', 'thinkClosed'];
    const page =
      (body: Body, followed = '') =>
      () =>
        call<{ total: number }>(store, `/query/rows${followed}`, {
          ...selection,
          columns,
          limit: PAGE,
          preview: 2_000,
          ...body,
        });
    const plain = await median(page({}));
    const report = async (name: string, goal: number | undefined, what: () => Promise<unknown>) => {
      const time = await median(what);
      const verdict = goal === undefined ? '' : `, ${time <= goal ? 'within' : 'beyond'} the goal of ${goal} ms`;
      console.log(`${name}: ${time.toFixed(0)} ms${verdict}; ${(time / plain).toFixed(1)} × a page as logged`);
    };
    console.log(`a page as logged: ${plain.toFixed(0)} ms`);
    const order = (column: string, direction: string) => ({ orderBy: [{ column, direction }] });
    await report('first page, latest step by group', 300, page({ lens: 'newest' }));
    await report('page in the middle', 300, page({ lens: 'newest', offset: ROWS / 2 }));
    await report('sorted by reward', 500, page(order('reward', 'desc')));
    await report(
      'sorted by two columns',
      500,
      page({ orderBy: [...order('reward', 'asc').orderBy, ...order('chars', 'desc').orderBy] }),
    );
    await report(
      'filtered by a range',
      500,
      page({ filter: [{ column: 'reward', op: 'ge', value: 0.5 }], lens: 'newest' }),
    );
    await report(
      'filtered by a part of a prompt',
      500,
      page({ filter: [{ column: 'prompt', op: 'contains', value: 'Question 77:' }] }),
    );
    const found = await page({ search: 'needle in hay' })();
    assert.equal(found.total, Math.ceil(ROWS / 10_000), 'rows that the search finds');
    await report('plain search', 1_500, page({ search: 'needle in hay' }));
    const [first, last] = [{ from: 7, to: 7 }, { runs: [`small-${SMALL_RUNS - 1}`] }];
    await report('plain search in one step', 25, page({ search: 'needle in hay', steps: first }));
    await report(
      `plain search in a run of ${SMALL_ROWS} rows among ${SMALL_RUNS} runs`,
      20,
      page({ search: 'needle in hay', ...last }),
    );
    const prompt = { column: 'prompt', op: 'eq', value: row(8)[0] };
    await report(
      'plain search in the rollouts of one prompt',
      undefined,
      page({ search: 'needle in hay', filter: [prompt] }),
    );
    await report('search for a whole word', 1_500, page({ search: { text: 'needle', mode: 'word' } }));
    await report('plain search, told how far it is', 1_500, page({ search: 'needle in hay' }, '?progress=bench'));
    await report('search for a pattern', 1_500, page({ search: { text: 'needle +in', mode: 'regex' } }));
    for (const lens of LENSES.filter((one) => one !== 'newest' && !one.startsWith('baseline'))) {
      await report(`lens ${lens}`, 500, page({ lens }));
    }
    const facets = (body: Body) => () => call(store, '/query/facets', { ...selection, ...body });
    await report('counts of all lenses', undefined, facets({ lenses: true }));
    await report('values of a column', 500, facets({ columns: ['reward'] }));
  } finally {
    await store.stop();
  }
}

if (process.argv[1]?.endsWith('rows.ts')) {
  await benchRows();
}
