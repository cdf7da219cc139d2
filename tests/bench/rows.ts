import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LENSES } from '@rolloscope/contract';
import { type GOALS, note } from './figures';
import { machine } from './machine';
import { spreadOf, timesOf } from './median';
import { quantile } from './StoreClient';
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
/** Log calls that are timed after another start, and as many while they are followed. */
const CALLS = 100;

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

const times = (what: () => Promise<unknown>) => timesOf(what, REPEATS);

/** Log calls into the table after another start: the first one, then those of a run that somebody follows meanwhile. */
async function measureCalls(store: StartedStore): Promise<void> {
  const log = async (n: number) => {
    const rows = Array.from({ length: SMALL_ROWS }, (_, i) => row(ROWS + n * SMALL_ROWS + i));
    const begin = performance.now();
    await call(store, '/runs/million/log', {
      entries: [{ step: ROWS + n, tables: { rollouts: { columns: COLUMNS, rows } } }],
    });
    return performance.now() - begin;
  };
  const first = await log(0);
  const alone: number[] = [];
  for (let n = 1; n <= CALLS; n++) {
    alone.push(await log(n));
  }
  let isOver = false;
  const follow = async () => {
    while (!isOver) {
      await call(store, '/query/rows', { runs: ['million'], table: 'rollouts', lens: 'newest', limit: PAGE });
    }
  };
  const following = follow();
  const followed: number[] = [];
  for (let n = CALLS + 1; n <= 2 * CALLS; n++) {
    followed.push(await log(n));
  }
  isOver = true;
  await following;
  const [usual, p99] = [spreadOf(alone), quantile(followed, 0.99)];
  console.log(
    `log calls of ${SMALL_ROWS} rows into it: the first after a start ${first.toFixed(0)} ms, then ` +
      `${usual.median.toFixed(1)} ms; p99 ${quantile(alone, 0.99).toFixed(1)} ms, while it is followed ${p99.toFixed(1)} ms`,
  );
  note('firstCall', { value: first, baseline: { name: 'the calls after it', value: usual.median } });
  note('followedCalls', {
    value: p99,
    baseline: { name: 'while nobody follows', value: quantile(alone, 0.99) },
  });
}

/** What the panel asks of a table of a million rows, over HTTP, with previews as the panel asks for them. */
export async function benchRows(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'rolloscope-bench-'));
  let store = await startStore({ data });
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
    const { median: plain } = await times(page({}));
    const report = async (
      name: string,
      goal: number | undefined,
      what: () => Promise<unknown>,
      id?: keyof typeof GOALS,
    ) => {
      const { median: time, least, most } = await times(what);
      const verdict = goal === undefined ? '' : `, ${time <= goal ? 'within' : 'beyond'} the goal of ${goal} ms`;
      console.log(`${name}: ${time.toFixed(0)} ms${verdict}; ${(time / plain).toFixed(1)} × a page as logged`);
      if (id !== undefined) {
        note(id, { value: time, spread: [least, most], baseline: { name: 'a page as logged', value: plain } });
      }
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
    await report('plain search', 1_500, page({ search: 'needle in hay' }), 'searchRare');
    const [first, last] = [{ from: 7, to: 7 }, { runs: [`small-${SMALL_RUNS - 1}`] }];
    await report('plain search in one step', 25, page({ search: 'needle in hay', steps: first }), 'searchStep');
    await report(
      `plain search in a run of ${SMALL_ROWS} rows among ${SMALL_RUNS} runs`,
      20,
      page({ search: 'needle in hay', ...last }),
      'searchRun',
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
    const counted = await call<{ lenses: object[] }>(store, '/query/facets', { ...selection, lenses: true });
    // Some need columns that this table has not.
    const offered = counted.lenses.flatMap((one) => ('lens' in one && !('needs' in one) ? [one.lens] : []));
    for (const lens of LENSES.filter((one) => one !== 'newest' && !one.startsWith('baseline'))) {
      if (offered.includes(lens)) {
        await report(`lens ${lens}`, 500, page({ lens }));
      }
    }
    const facets = (body: Body) => () => call(store, '/query/facets', { ...selection, ...body });
    await report('counts of all lenses', undefined, facets({ lenses: true }));
    await report('values of a column', 500, facets({ columns: ['reward'] }));
    await store.stop();
    store = await startStore({ data });
    await measureCalls(store);
  } finally {
    await store.stop();
    await rm(data, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith('rows.ts')) {
  await benchRows();
}
