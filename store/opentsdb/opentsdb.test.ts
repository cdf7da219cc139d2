import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry, MetricsAnswer } from '@rolloscope/contract/types';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type App, createApp } from '../app';
import { sha256, Tokens } from '../http/Tokens';

interface Answer {
  metric: string;
  tags: Record<string, string>;
  aggregateTags: string[];
  dps: Record<string, number>;
  query?: unknown;
}

/** A whole hour, so that buckets and the grid begin where one expects. */
const BEGIN = 1_700_002_800;
const MINUTE = 60;
let folder: string;
let app: App;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: (BEGIN + 3_600) * 1_000 });
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-opentsdb-'));
  const token = (name: string, projects: string[]) => ({
    name,
    sha256: sha256(name),
    scopes: ['read' as const, 'write' as const],
    projects,
  });
  const tokens = new Tokens([token('all', ['*']), token('mine', ['mine'])]);
  app = await createApp({ data: folder, tokens, log: () => {} });
  await seed();
});
afterEach(() => {
  vi.setSystemTime((BEGIN + 3_600) * 1_000);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
  vi.useRealTimers();
});

async function v1<T>(method: 'PUT' | 'POST', path: string, payload: object): Promise<T> {
  const headers = { authorization: 'Bearer all' };
  const answer = await app.fastify.inject({ method, url: `/api/v1${path}`, payload, headers });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as T;
}

const post = (body: unknown, token = 'all', url = '/opentsdb/api/query') =>
  app.fastify.inject({
    method: 'POST',
    url,
    payload: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });

async function query(one: object, range: object = {}): Promise<Answer[]> {
  const answer = await post({ start: BEGIN, end: BEGIN + 3_600, queries: [{ aggregator: 'none', ...one }], ...range });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

const get = async <T>(path: string): Promise<T> => {
  const answer = await app.fastify.inject({ url: `/opentsdb${path}`, headers: { authorization: 'Bearer all' } });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as T;
};

const LOSS = 'critic/lr(1e-4)';
const EVAL = 'eval/gsm8k/accuracy/mean';
const HOSTILE = 'b "quoted"\n/ü|x';
const secondsOf = (step: number) => BEGIN + step * 20;

async function seed(): Promise<void> {
  const log = (run: string, entries: LogEntry[]) => v1('POST', `/runs/${encodeURIComponent(run)}/log`, { entries });
  const points = (scale: number) =>
    Array.from({ length: 30 }, (_, step) => ({
      step,
      time: secondsOf(step) * 1_000,
      metrics: { [LOSS]: step === 7 ? ('NaN' as const) : scale * step },
    }));
  await v1('PUT', '/runs/a', {
    project: 'mine',
    name: 'first',
    group: 'job',
    config: { owner: 'ann' },
    startedAt: BEGIN * 1_000,
  });
  await v1('PUT', `/runs/${encodeURIComponent(HOSTILE)}`, { project: 'mine', name: 'first', startedAt: BEGIN * 1_000 });
  await v1('PUT', '/runs/c', { project: 'theirs', startedAt: BEGIN * 1_000 });
  await log('a', points(1));
  await log(HOSTILE, points(10));
  await log('c', points(100));
  // A run that went back: its second attempt owns the steps from 10 on.
  await log(
    'c',
    Array.from({ length: 5 }, (_, i) => ({
      step: 10 + i,
      time: (BEGIN + 700 + i * 20) * 1_000,
      metrics: { [LOSS]: -i },
    })),
  );
  for (const [i, value] of [0.6, 0.6, 0.6, 0.6, 0.2, 0.2].entries()) {
    const time = (BEGIN + 30 + i * 300) * 1_000;
    await log('a', [{ step: 100 + i, time, metrics: { [EVAL]: value, 'eval/n_prompts': 200 } }]);
  }
}

describe('raw metrics', () => {
  it('are the points that v1 gives, one by one', async () => {
    const found = await query({ metric: LOSS });
    expect(found.map(({ tags }) => tags.run)).toEqual(['a', HOSTILE, 'c']);
    for (const { tags, dps } of found) {
      const { series } = await v1<MetricsAnswer>('POST', '/query/metrics', {
        runs: [tags.run],
        metrics: [LOSS],
        x: 'time',
        reduce: 'none',
      });
      const expected = series[0]?.time.flatMap((time, i) => {
        const value = series[0]?.value[i];
        return typeof value === 'number' ? [[String(time / 1_000), value] as const] : [];
      });
      expect(expected?.length).toBeGreaterThan(20);
      expect(dps).toEqual(Object.fromEntries(expected ?? []));
    }
  });

  it('bear the tags of their runs', async () => {
    const [a, b] = await query({ metric: LOSS });
    expect(a).toMatchObject({
      metric: LOSS,
      tags: { project: 'mine', run: 'a', group: 'job', run_name: 'first', owner: 'ann' },
    });
    expect(b?.tags).toEqual({ project: 'mine', run: HOSTILE, run_name: 'first' });
  });

  it('come as arrays, in milliseconds, with their query', async () => {
    const one = { metric: LOSS, aggregator: 'none', tags: { run: 'a' } };
    const body = { start: BEGIN, end: BEGIN + 40, queries: [one], msResolution: true, showQuery: true };
    const [found] = (await post(body, 'all', '/opentsdb/api/query?arrays=true')).json();
    expect(found).toMatchObject({ query: { ...one, index: 0 }, dps: [0, 1, 2].map((i) => [secondsOf(i) * 1_000, i]) });
  });

  it.each([
    ['1m-avg', [1, 4, 7]],
    ['1m-sum', [3, 12, 14]],
    ['1m-max', [2, 5, 8]],
    ['1m-min', [0, 3, 6]],
    ['1m-count', [3, 3, 2]],
    ['1m-first', [0, 3, 6]],
    ['1m-last-none', [2, 5, 8]],
    ['1m-p50', [1, 4, 7]],
    ['0all-max', [8]],
  ])('are brought down by %s', async (downsample, expected) => {
    const found = await query({ metric: LOSS, downsample, tags: { run: 'a' } }, { end: BEGIN + 3 * MINUTE - 1 });
    expect(Object.values(found[0]?.dps ?? {})).toEqual(expected);
    expect(Object.keys(found[0]?.dps ?? {})[0]).toBe(String(BEGIN));
  });

  it('leave empty buckets out, or fill them with zero', async () => {
    const empty = { metric: LOSS, tags: { run: 'a' } };
    const range = { start: BEGIN + 540, end: BEGIN + 719 };
    const gaps = await query({ ...empty, downsample: '1m-avg-null' }, range);
    expect(gaps[0]?.dps).toEqual({ [BEGIN + 540]: 28 });
    const zeros = await query({ ...empty, downsample: '1m-avg-zero' }, range);
    expect(zeros[0]?.dps).toEqual({ [BEGIN + 540]: 28, [BEGIN + 600]: 0, [BEGIN + 660]: 0 });
  });

  it('are taken together, but for the tags that are grouped by', async () => {
    const range = { end: BEGIN + 20 };
    const all = await query({ metric: LOSS, aggregator: 'sum' }, range);
    expect(all).toEqual([
      {
        metric: LOSS,
        tags: {},
        aggregateTags: expect.arrayContaining(['run', 'project', 'owner']),
        dps: { [BEGIN]: 0, [BEGIN + 20]: 111 },
      },
    ]);
    const byProject = await query({ metric: LOSS, aggregator: 'sum', tags: { project: '*' } }, range);
    expect(byProject.map(({ tags, dps }) => [tags.project, dps[BEGIN + 20]])).toEqual([
      ['mine', 11],
      ['theirs', 100],
    ]);
    expect(byProject[0]?.tags).toEqual({ project: 'mine', run_name: 'first' });
  });

  it('meet between their points where they are not logged at one time', async () => {
    // At BEGIN + 140 the first two have NaN, which is no point: between 6 and 8 lies 7.
    const at = { start: BEGIN + 120, end: BEGIN + 160 };
    const runs = { type: 'literal_or', tagk: 'run', filter: 'a|c', groupBy: false };
    await v1('PUT', '/runs/d', { project: 'mine', startedAt: BEGIN * 1_000 });
    await v1('POST', '/runs/d/log', {
      entries: [{ step: 1, time: (BEGIN + 140) * 1_000, metrics: { [LOSS]: 1_000 } }],
    });
    const sum = await query({ metric: LOSS, aggregator: 'sum', filters: [{ ...runs, filter: 'a|d' }] }, at);
    expect(sum[0]?.dps).toEqual({ [BEGIN + 120]: 6, [BEGIN + 140]: 1_007, [BEGIN + 160]: 8 });
    const zimsum = await query({ metric: LOSS, aggregator: 'zimsum', filters: [{ ...runs, filter: 'a|d' }] }, at);
    expect(zimsum[0]?.dps).toEqual({ [BEGIN + 120]: 6, [BEGIN + 140]: 1_000, [BEGIN + 160]: 8 });
    const count = await query({ metric: LOSS, aggregator: 'count', filters: [{ ...runs, filter: 'a|d' }] }, at);
    expect(count[0]?.dps).toEqual({ [BEGIN + 120]: 1, [BEGIN + 140]: 1, [BEGIN + 160]: 1 });
  });

  it.each([
    [{ type: 'literal_or', filter: 'a|c' }, ['a', 'c']],
    [{ type: 'literal_or', filter: HOSTILE }, [HOSTILE]],
    [{ type: 'iliteral_or', filter: 'A' }, ['a']],
    [{ type: 'not_literal_or', filter: `a|d|c` }, [HOSTILE]],
    [{ type: 'wildcard', filter: 'b*"*' }, [HOSTILE]],
    [{ type: 'iwildcard', filter: 'B*' }, [HOSTILE]],
    [{ type: 'regexp', filter: '^[ac]$' }, ['a', 'c']],
  ])('are filtered by %j', async (filter, runs) => {
    const found = await query({ metric: LOSS, filters: [{ ...filter, tagk: 'run', groupBy: true }] });
    expect(found.map(({ tags }) => tags.run).filter((run) => run !== 'd')).toEqual(runs);
  });

  it('are filtered by a tag that is not there', async () => {
    const found = await query({ metric: LOSS, filters: [{ type: 'not_key', tagk: 'group', filter: '' }] });
    expect(found.map(({ tags }) => tags.run)).not.toContain('a');
    expect(await query({ metric: LOSS, tags: { run: 'nobody' } })).toEqual([]);
  });

  it('change by so much a second', async () => {
    const found = await query({ metric: LOSS, tags: { run: 'a' }, rate: true }, { end: BEGIN + 40 });
    expect(found[0]?.dps).toEqual({ [BEGIN + 20]: 0.05, [BEGIN + 40]: 0.05 });
  });
});

describe('gauges', () => {
  const gauge = (metric: string, range: object = {}) => query({ metric, tags: { run: '*' } }, range);

  it('are carried forward on a grid of a minute, from the first eval until now', async () => {
    const [last, ...others] = await gauge('rolloscope_eval_last');
    expect(others).toEqual([]);
    expect(last?.tags).toMatchObject({ run: 'a', metric: EVAL, task: 'gsm8k', owner: 'ann' });
    const times = Object.keys(last?.dps ?? {}).map(Number);
    expect(times[0]).toBe(BEGIN + MINUTE);
    expect(times.at(-1)).toBe(BEGIN + 3_600);
    expect(times).toHaveLength(60);
    const at = (minutes: number) => last?.dps[BEGIN + minutes * MINUTE];
    expect([at(1), at(20), at(21), at(60)]).toEqual([0.6, 0.6, 0.2, 0.2]);
  });

  it('raise the flag at the eval that opened the regression', async () => {
    const [regressed] = await gauge('rolloscope_eval_regressed');
    const at = (minutes: number) => regressed?.dps[BEGIN + minutes * MINUTE];
    expect([at(1), at(25), at(26), at(60)]).toEqual([0, 0, 1, 1]);
    const [drop] = await gauge('rolloscope_eval_drop');
    expect(drop?.dps[BEGIN + 26 * MINUTE]).toBeCloseTo(0.4);
  });

  it('answer a rule that looks between two evals, whatever the aggregator of its editor', async () => {
    const range = { start: BEGIN + 3_300, end: BEGIN + 3_590 };
    const [found] = await query(
      { metric: 'rolloscope_eval_regressed', aggregator: 'max', downsample: '1m-max', tags: { run: '*' } },
      range,
    );
    expect(Object.values(found?.dps ?? {})).toEqual([1, 1, 1, 1, 1]);
  });

  it('hold a raw value until the next one', async () => {
    const [value] = await query({ metric: 'rolloscope_metric_value', tags: { run: 'a', metric: LOSS } });
    expect(value?.dps[BEGIN + 2 * MINUTE]).toBe(5);
    expect(value?.dps[BEGIN + 3_600]).toBe(29);
    const [step] = await query({ metric: 'rolloscope_metric_step', tags: { run: 'a', metric: LOSS } });
    expect(step?.dps[BEGIN + 3_600]).toBe(29);
  });

  it('say what runs run on and how far they are', async () => {
    const info = await gauge('rolloscope_run_info');
    expect(info.map(({ tags }) => tags.run)).toEqual(expect.arrayContaining(['a', HOSTILE]));
    const steps = await gauge('rolloscope_run_last_step');
    expect(steps.find(({ tags }) => tags.run === 'a')?.dps).toEqual({ [BEGIN + 3_600]: 105 });
    expect(await gauge('rolloscope_run_stalled')).toHaveLength(4);
  });

  it('end with the run, but for a crash', async () => {
    // A run's last sign of life is never before the one it gave already, so the clock is set back first.
    vi.setSystemTime((BEGIN + 1_800) * 1_000);
    await v1('PUT', '/runs/ended', { project: 'theirs', startedAt: BEGIN * 1_000 });
    await v1('POST', '/runs/ended/finish', { state: 'failed' });
    vi.setSystemTime((BEGIN + 3_600) * 1_000);
    const of = async (metric: string) =>
      Object.entries((await query({ metric, tags: { run: 'ended' } }))[0]?.dps ?? {});
    expect((await of('rolloscope_run_stalled')).at(-1)).toEqual([String(BEGIN + 1_920), 0]);
    expect(await of('rolloscope_metric_value')).toEqual([]);
    expect((await of('rolloscope_run_crashed')).at(-1)).toEqual([String(BEGIN + 3_600), 1]);
    expect((await of('rolloscope_run_crashed'))[0]).toEqual([String(BEGIN), 0]);
  });
});

describe('what Grafana asks besides', () => {
  it('suggests names', async () => {
    expect(await get('/api/suggest?type=metrics&q=cpu')).toEqual([]);
    expect(await get('/api/suggest?type=metrics&q=critic&max=10')).toEqual([LOSS]);
    expect(await get('/api/suggest?type=metrics&q=LR(1e&max=10')).toEqual([LOSS]);
    expect(await get<string[]>('/api/suggest?type=metrics&q=rolloscope_eval_&max=3')).toHaveLength(3);
    expect(await get('/api/suggest?type=tagk&q=ru')).toEqual(['run', 'run_name']);
    expect(await get('/api/suggest?type=tagv&q=ann')).toEqual(['ann']);
  });

  it('lists aggregators and filters', async () => {
    expect(await get<string[]>('/api/aggregators')).toEqual(expect.arrayContaining(['sum', 'avg', 'none']));
    expect(Object.keys(await get<object>('/api/config/filters'))).toContain('wildcard');
  });

  it('looks up the series of a metric', async () => {
    const raw = await get<{ results: Answer[] }>(`/api/search/lookup?m=${encodeURIComponent(LOSS)}&limit=2`);
    expect(raw.results.map(({ tags }) => tags.run)).toEqual(['a', HOSTILE]);
    const gauge = await get<{ results: Answer[] }>('/api/search/lookup?m=rolloscope_eval_last%7Brun=*%7D&limit=100');
    expect(gauge.results.map(({ tags }) => tags.task)).toEqual(['gsm8k']);
  });
});

describe('what is wrong is told in OpenTSDB’s own shape', () => {
  const one = (part: object) => ({ start: BEGIN, queries: [{ metric: LOSS, aggregator: 'sum', ...part }] });
  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no start', { queries: [] }],
    ['no queries', { start: BEGIN }],
    ['a wrong start', { ...one({}), start: 'yesterday' }],
    ['an end before the start', { ...one({}), end: BEGIN - 1 }],
    ['a wrong aggregator', one({ aggregator: 'average' })],
    ['no aggregator', one({ aggregator: undefined })],
    ['a wrong downsample', one({ downsample: '1m' })],
    ['a wrong downsampling unit', one({ downsample: '1q-avg' })],
    ['a wrong downsampling aggregator', one({ downsample: '1m-mean' })],
    ['a wrong fill', one({ downsample: '1m-avg-one' })],
    ['a wrong tag', one({ tags: { host_name: 'a' } })],
    ['a wrong tag value', one({ tags: { run: 5 } })],
    ['a wrong filter', one({ filters: [{ type: 'like', tagk: 'run', filter: 'a' }] })],
    ['a wrong pattern', one({ filters: [{ type: 'regexp', tagk: 'run', filter: '(' }] })],
    ['a metric that nobody logs', one({ metric: 'nothing' })],
    ['no metric', one({ metric: '' })],
  ])('%s', async (_what, body) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({ error: { code: 400, message: expect.stringMatching(/\w{4}/) } });
  });

  it('a token, a path, a parameter', async () => {
    const inject = async (url: string, token?: string) => {
      const headers = token ? { authorization: `Bearer ${token}` } : {};
      const answer = await app.fastify.inject({ url, headers });
      return [answer.statusCode, (answer.json() as { error: { code: number } }).error.code];
    };
    expect(await inject('/opentsdb/api/aggregators')).toEqual([401, 401]);
    expect(await inject('/opentsdb/api/aggregators', 'wrong')).toEqual([401, 401]);
    expect(await inject('/opentsdb/api/put', 'all')).toEqual([404, 404]);
    expect(await inject('/opentsdb/api/suggest?type=hosts', 'all')).toEqual([400, 400]);
    expect(await inject('/opentsdb/api/suggest?type=metrics&max=x', 'all')).toEqual([400, 400]);
    expect(await inject('/opentsdb/api/suggest?type=metrics&type=tagk', 'all')).toEqual([400, 400]);
  });

  it('another project’s runs are not there', async () => {
    const mine = await post(one({ aggregator: 'none' }), 'mine');
    expect((mine.json() as Answer[]).map(({ tags }) => tags.project)).not.toContain('theirs');
    const values = await app.fastify.inject({
      url: '/opentsdb/api/suggest?type=tagv&q=&max=1000',
      headers: { authorization: 'Bearer mine' },
    });
    expect(values.json()).not.toContain('theirs');
  });
});
