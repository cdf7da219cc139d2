import { setTimeout } from 'node:timers/promises';
import type { RowsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';

const ROWS = 10_000;
/** Characters of a row. */
const CHARS = 3_000;
const WORDS = ['the ', 'of ', 'answer ', 'model ', 'reward ', 'question ', 'is ', '42 ', 'then ', 'the answer '];
/** Takes long over every text, and is found nowhere. */
const SLOW = 'the.{0,300}answer.{0,300}qq';
/** Of a store with tokens; one without takes no notice. */
const TOKEN = { authorization: 'Bearer w' };
/** Characters of a cell that is nearly as large as one may be. */
const LONG = 4_000_000;

let store: AttackedStore;
let seed = 1;
const random = (below: number) => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};
const text = (chars: number, words = WORDS) => {
  let all = '';
  while (all.length < chars) {
    all += words[random(words.length)];
  }
  return all;
};

async function logRows(to: AttackedStore, run: string, rows: unknown[][]): Promise<void> {
  const entries = [{ step: 1, tables: { t: { columns: ['response'], rows } } }];
  expect((await to.call('PUT', `/api/v1/runs/${run}`, { project: 'p' }, TOKEN)).status).toBe(200);
  expect((await to.call('POST', `/api/v1/runs/${run}/log`, { entries }, TOKEN)).status).toBe(200);
}

/** Rows of some thousand characters each. */
async function logMany(to: AttackedStore, run: string, rows: number): Promise<void> {
  const part = Array.from({ length: 500 }, () => [text(CHARS)]);
  for (let logged = 0; logged < rows; logged += part.length) {
    await logRows(to, run, part);
  }
}

beforeAll(async () => {
  store = await attackedStore();
  await logMany(store, 'many', ROWS);
  await logRows(store, 'live', []);
  await logRows(store, 'long', [
    [text(LONG)],
    [`${'ab'.repeat(LONG / 2 - 100)} the end`],
    ['short'],
    [text(LONG, ['a', 'b'])],
  ]);
});
afterAll(() => store.stop());
beforeEach(() => store.reset());

const searchFor = (pattern: string, run = 'many') => ({
  runs: [run],
  table: 't',
  limit: 5,
  preview: 100,
  search: { text: pattern, mode: 'regex' },
});

const search = (run: string, pattern: string, signal?: AbortSignal) =>
  fetch(`${store.url}/api/v1/query/rows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(searchFor(pattern, run)),
    ...(signal && { signal }),
  });

/** The slowest of log calls that go on all along, in milliseconds. */
async function logWhile(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  let slowest = 0;
  const over = work.finally(() => {
    isOver = true;
  });
  for (let step = 0; !isOver; step++) {
    const begin = performance.now();
    const answer = await store.call('POST', '/api/v1/runs/live/log', { entries: [{ step, metrics: { m: step } }] });
    expect(answer.status).toBe(200);
    slowest = Math.max(slowest, performance.now() - begin);
    await setTimeout(20);
  }
  await over;
  return slowest;
}

/** Milliseconds of processor time that the store takes within the next half second. */
async function busy(): Promise<number> {
  const seconds = async () => {
    const answer = await store.call('GET', '/metrics');
    return Number(/^process_cpu_seconds_total (\S+)/m.exec(answer.text)?.[1]);
  };
  const before = await seconds();
  await setTimeout(500);
  return ((await seconds()) - before) * 1_000;
}

it('refuses a pattern whose program is too large by the name of the limit, before anything is searched', async () => {
  for (const body of [
    { search: { text: '(a?){900}a{900}z', mode: 'regex' } },
    { filter: [{ column: 'response', op: 'matches', value: '(a?){900}a{900}z' }] },
    { filter: [{ column: 'response', op: 'matches', value: 'a'.repeat(500_000) }] },
    { filter: [{ column: 'response', op: 'contains', value: 'a'.repeat(500_000) }] },
    {
      filter: [
        { anyOf: Array.from({ length: 500 }, (_, i) => ({ column: 'response', op: 'matches', value: `${i}.{9}` })) },
      ],
    },
  ]) {
    const begin = performance.now();
    const answer = await store.call('POST', '/api/v1/query/rows', { runs: ['many'], table: 't', ...body });
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'limit_exceeded' } } });
    expect(performance.now() - begin).toBeLessThan(2_000);
  }
  store.expectWell();
});

it('goes on while slow searches run, and they end when their clients go', async () => {
  const gone = Promise.all(
    Array.from({ length: 8 }, () =>
      expect(search('many', SLOW, AbortSignal.timeout(3_000))).rejects.toThrow(/timeout/i),
    ),
  );
  const slowest = await logWhile(gone);
  expect(slowest, 'milliseconds of a log call').toBeLessThan(1_500);
  await setTimeout(300);
  expect(await busy(), 'the store rests').toBeLessThan(250);
  const found = (await (await search('many', 'the answer')).json()) as RowsAnswer;
  expect(found.total).toBeGreaterThan(0);
  store.expectWell();
});

it.each([
  ['whose pattern fits badly', SLOW],
  ['in which there are many ways', 'a[ab]{300}[89]'],
])('ends a search within one long text %s as soon as nobody waits for it', async (_, pattern) => {
  await expect(search('long', pattern, AbortSignal.timeout(1_000))).rejects.toThrow(/timeout/i);
  await setTimeout(300);
  expect(await busy(), 'the store rests').toBeLessThan(250);
  store.expectWell();
});

it('finds in long texts what is there', async () => {
  for (const [pattern, total] of [
    ['ab the en.$', 1],
    ['ab.{0,3}the en.$', 1],
    ['(ab){100} the', 1],
    ['(ab){100} The', 1],
    ['(ab){100} xthe', 0],
    ['short|the end', 2],
    ['the.{0,300}(answer|end)', 2],
  ] as const) {
    const answer = (await (await search('long', pattern)).json()) as RowsAnswer;
    expect([pattern, answer.total]).toEqual([pattern, total]);
  }
});

it('keeps nobody waiting for the searches of somebody else, and stops in time while they run', async () => {
  const other = await attackedStore({ args: ['--read-token', 'r', '--write-token', 'w'] });
  try {
    await logMany(other, 'many', 4_000);
    await other.reset();
    const greedy = Array.from({ length: 20 }, () =>
      other.call('POST', '/api/v1/query/rows', searchFor(SLOW), { authorization: 'Bearer r' }),
    );
    await setTimeout(1_000);
    await other.reset();
    const { status, json } = await other.call('POST', '/api/v1/query/rows', searchFor('the answer'), TOKEN);
    expect(status).toBe(200);
    expect((json as RowsAnswer).total).toBeGreaterThan(0);
    other.expectWell();
    const begin = performance.now();
    const stopped = other.stop();
    const answers = await Promise.all(greedy);
    expect(await stopped).toBe(0);
    expect(performance.now() - begin, 'milliseconds until it has stopped').toBeLessThan(10_000);
    const told = answers.filter(({ status, headers }) => status === 503 && headers.get('retry-after') !== null);
    expect(told.length, 'told that the store stops').toBeGreaterThan(10);
  } finally {
    await other.kill();
  }
});
