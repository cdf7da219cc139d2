import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type AttackedStore, attackedStore } from './attackedStore';

/** What OpenTSDB's read API is asked to do too much, to a store with many runs, old times and hostile values. */
const RUNS = 300;
const POINTS = 1_000;
const NOW = Math.floor(Date.now() / 60_000) * 60_000;
const DAY = 86_400_000;

let store: AttackedStore;

async function done(method: string, path: string, body: unknown): Promise<void> {
  const answer = await store.call(method, `/api/v1${path}`, body);
  expect(answer.status, answer.text).toBe(200);
}

beforeAll(async () => {
  store = await attackedStore();
  // Each run at times of its own, so that taken together there are as many times as points.
  for (let from = 0; from < RUNS; from += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const run = from + i;
        await done('PUT', `/runs/r${run}`, { project: 'p', startedAt: NOW - DAY, config: { owner: 'ann' } });
        const entries = Array.from({ length: POINTS }, (_, step) => ({
          step,
          time: NOW - DAY + step * 60_000 + run * 7,
          metrics: { loss: step, huge: step % 2 ? 1.7e308 : -1.7e308 },
        }));
        await done('POST', `/runs/r${run}/log`, { entries });
      }),
    );
  }
  // A clock that began in 1970, and flags that a client raised by itself.
  await done('PUT', '/runs/old', { project: 'p', startedAt: 0 });
  const old = [0, 1_000, 90_000].map((time, step) => ({
    step,
    time,
    metrics: { 'eval/math/accuracy/mean': 0.5, old: step },
  }));
  await done('POST', '/runs/old/log', { entries: old });
  const events = Array.from({ length: 1_000 }, (_, i) => ({
    id: `nan:${i}`,
    type: i % 2 ? 'recovery' : 'nan',
    title: 'x'.repeat(1_000),
    text: 'y'.repeat(10_000),
    values: { kind: 'nan', closes: `nan:${i - 1}`, metric: { toString: 1 } },
  }));
  await done('POST', '/runs/old/events', { events });
  await store.reset();
});
afterAll(() => store.stop());

const query = (one: object, rest: object = {}) => ({
  start: 0,
  end: NOW,
  queries: [{ metric: 'loss', aggregator: 'none', ...one }],
  ...rest,
});
const ask = (body: unknown): Promise<Answer> => store.call('POST', '/opentsdb/api/query', body);
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const withDeep = (body: object, name: string) => JSON.stringify(body).replace(`"${name}"`, deep(10_000));

/** A refusal in OpenTSDB's shape, which names what is too much. */
function expectRefusal(answer: Answer, status: number, message: RegExp): void {
  expect(answer.status, answer.text.slice(0, 300)).toBe(status);
  expect(answer.json).toEqual({ error: { code: status, message: expect.stringMatching(message) } });
}

describe('what would be too much is refused before it is done', () => {
  const POINTS_LIMIT = /points.*the limit of one request is 2000000/;
  const LONG = 'x'.repeat(200_000);
  it.each<[string, object, RegExp]>([
    ['zero fill by milliseconds since 1970', query({ downsample: '1ms-sum-zero' }), POINTS_LIMIT],
    ['the same of one run', query({ downsample: '1ms-sum-zero', aggregator: 'sum' }), POINTS_LIMIT],
    ['zero fill of 30 days by seconds', query({ downsample: '1s-sum-zero' }, { start: NOW - 30 * DAY }), POINTS_LIMIT],
    ['a gauge carried forward since 1970', query({ metric: 'rolloscope_metric_value' }), POINTS_LIMIT],
    ['an eval carried forward since 1970', query({ metric: 'rolloscope_eval_last' }), POINTS_LIMIT],
    ['a flag', query({ metric: 'rolloscope_run_nan' }), POINTS_LIMIT],
    ['a state', query({ metric: 'rolloscope_run_state' }), POINTS_LIMIT],
    [
      'a gauge brought down and filled',
      query({ metric: 'rolloscope_eval_last', downsample: '1s-max-zero' }),
      POINTS_LIMIT,
    ],
    ['many series at as many times', query({ aggregator: 'p99' }), /steps of work; the limit/],
    ['fifty queries', { ...query({}), queries: Array(50).fill(query({}).queries[0]) }, POINTS_LIMIT],
    [
      'a long query, repeated with every series',
      query({ filters: [{ type: 'not_literal_or', tagk: 'run', filter: LONG }] }, { showQuery: true }),
      /characters of queries to repeat/,
    ],
  ])('%s', async (_what, body, message) => {
    expectRefusal(await ask(body), 413, message);
    store.expectWell();
  });

  it.each<[string, unknown, number, RegExp]>([
    ['a body that is too long', query({ tags: { run: 'x'.repeat(300_000) } }), 413, /262144 bytes/],
    ['too many queries', { ...query({}), queries: Array(51).fill({}) }, 400, /limit is 50/],
    ['too many filters', query({ filters: Array(51).fill({}) }), 400, /limit of one query is 50/],
    [
      'a long pattern',
      query({ filters: [{ type: 'regexp', tagk: 'run', filter: 'a?'.repeat(200) }] }),
      400,
      /limit is 256/,
    ],
    ['a long wildcard', query({ tags: { run: '*a'.repeat(10_000) } }), 400, /limit is 1000/],
    ['deep JSON as tags', withDeep(query({ tags: '@' }), '@'), 400, /nested deeper/],
    ['deep JSON as a tag', withDeep(query({ filters: [{ type: 'wildcard', tagk: '@' }] }), '@'), 400, /nested deeper/],
    ['deep JSON as a start', withDeep(query({}, { start: '@' }), '@'), 400, /nested deeper/],
    ['deep JSON to repeat', withDeep(query({ x: '@' }, { showQuery: true }), '@'), 400, /nested deeper/],
    ['objects for numbers', query({ rate: true, rateOptions: { counterMax: { toString: 1 } } }), 400, /counterMax/],
    ['objects for times', query({}, { start: { toString: 1 } }), 400, /start time/],
  ])('%s', async (_what, body, status, message) => {
    expectRefusal(await ask(body), status, message);
    store.expectWell();
  });
});

describe('what is much and not too much is answered', () => {
  const dots = ({ json }: Answer) => (json as { dps: object }[]).map(({ dps }) => Object.keys(dps).length);

  it('56 years of a gauge, day by day', async () => {
    const answer = await ask(query({ metric: 'rolloscope_eval_last', downsample: '1d-p99' }));
    expect(dots(answer)).toEqual([Math.floor(NOW / DAY) + 1]);
    store.expectWell();
  });

  it('a flag that went up and down, whatever the events say besides', async () => {
    const answer = await ask(query({ metric: 'rolloscope_run_nan', downsample: '1y-max', tags: { run: 'old' } }));
    expect(dots(answer)[0]).toBeGreaterThan(50);
    store.expectWell();
  });

  it('all points of all runs, and all of them minute by minute as one', async () => {
    expect(dots(await ask(query({})))).toEqual(Array(RUNS).fill(POINTS));
    const range = { start: NOW - DAY };
    expect(dots(await ask(query({ aggregator: 'sum', downsample: '1m-p50-zero' }, range)))).toEqual([1_441]);
    store.expectWell();
  });

  it('values whose sums and squares are no numbers: their points are left out', async () => {
    for (const downsample of ['1h-dev', '1h-sum', '0all-p50', '1h-avg-zero']) {
      for (const aggregator of ['none', 'sum', 'dev', 'p50']) {
        const answer = await ask(query({ metric: 'huge', aggregator, downsample }, { start: NOW - DAY }));
        expect(answer.status, `${downsample} ${aggregator} ${answer.text.slice(0, 200)}`).toBe(200);
        expect(answer.json).toBeInstanceOf(Array);
      }
    }
    store.expectWell();
  });

  it('filters of a hundred thousand names, and fifty patterns', async () => {
    const names = Array.from({ length: 25_000 }, (_, i) => `r${i * 7}`).join('|');
    const filters = [{ type: 'iliteral_or', tagk: 'run', filter: names }];
    expect(dots(await ask(query({ filters, downsample: '0all-max' })))).toHaveLength(Math.ceil(RUNS / 7));
    const patterns = Array.from({ length: 50 }, (_, i) => ({
      type: 'regexp',
      tagk: 'run',
      filter: `(?i)[\\p{L}\\p{N}]{0,${900 + i}}`,
    }));
    expect([200, 400, 413]).toContain((await ask(query({ filters: patterns }))).status);
    store.expectWell();
  });
});

describe('many at once', () => {
  beforeEach(() => store.reset());

  const all = JSON.stringify({ ...query({}), queries: Array(6).fill(query({}).queries[0]) });
  const post = (signal?: AbortSignal) =>
    fetch(`${store.url}/opentsdb/api/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: all,
      ...(signal && { signal }),
    });

  it('a dozen at one time are answered, or told to come back', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, i) =>
        i % 3 === 0
          ? ask(query({ aggregator: 'p90', downsample: '30s-p90-zero' }, { start: NOW - DAY }))
          : i % 3 === 1
            ? ask(query({ metric: 'rolloscope_metric_value', downsample: '1m-max' }, { start: NOW - DAY }))
            : store.call('GET', '/opentsdb/api/suggest?type=metrics&q=o&max=10000'),
      ),
    );
    for (const { status, headers, text } of answers) {
      expect([200, 429], text.slice(0, 200)).toContain(status);
      expect(status === 200 || Number(headers.get('retry-after')) > 0).toBe(true);
    }
    store.expectWell();
  });

  it('answers that nobody takes hold bounded memory, and leave the store to others', async () => {
    const unread = await Promise.all(Array.from({ length: 6 }, () => post()));
    const statuses = unread.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(unread.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('5');
    const run = await store.call('POST', '/api/v1/runs/r1/log', { entries: [{ step: POINTS, metrics: { loss: 1 } }] });
    expect(run.status).toBe(200);
    store.expectWell();
    await Promise.all(unread.map(({ body }) => body?.cancel()));
    await expect.poll(async () => (await ask(query({ tags: { run: 'r1' } }))).status).toBe(200);
  });

  it('work that nobody waits for ends', async () => {
    const gone = Array.from({ length: 40 }, async () => {
      await post(AbortSignal.timeout(150))
        .then((answer) => answer.text())
        .catch(() => '');
    });
    await Promise.all(gone);
    const begin = performance.now();
    expect((await ask(query({ tags: { run: 'r1' } }))).status).toBe(200);
    expect(performance.now() - begin).toBeLessThan(5_000);
    store.expectWell();
  });
});

describe('names', () => {
  it('are found in parts among a hundred thousand, and looked up, in bounds', async () => {
    await done('PUT', '/runs/names', { project: 'p' });
    for (let from = 0; from < 100_000; from += 20_000) {
      const metrics = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`part/${from + i}/x`, 1]));
      const answer = await store.call('POST', '/api/v1/runs/names/log', { entries: [{ step: from, metrics }] });
      if (answer.status !== 200) {
        break;
      }
    }
    await store.reset();
    const suggested = (path: string) => store.call('GET', `/opentsdb/api/suggest?${path}`);
    expect((await suggested('type=metrics&q=9/X&max=3')).json).toEqual([
      'part/10009/x',
      'part/10019/x',
      'part/10029/x',
    ]);
    expect((await suggested('type=metrics&q=&max=10000')).json).toHaveLength(10_000);
    expect((await suggested(`type=tagv&q=${'r'.repeat(50_000)}`)).json).toEqual([]);
    const { json } = await store.call('GET', '/opentsdb/api/search/lookup?m=rolloscope_metric_value&limit=10000');
    expect((json as { results: unknown[] }).results).toHaveLength(10_000);
    expect((await store.call('GET', `/opentsdb/api/search/lookup?m=${'{'.repeat(60_000)}}`)).status).toBe(200);
    const every = query({ metric: 'rolloscope_metric_value' }, { end: NOW + DAY });
    expectRefusal(await ask(every), 413, /series; the limit/);
    const one = query(
      { metric: 'rolloscope_metric_step', tags: { metric: 'part/9/x' } },
      { start: NOW, end: NOW + DAY },
    );
    expect((await ask(one)).status).toBe(200);
    store.expectWell();
  });
});
