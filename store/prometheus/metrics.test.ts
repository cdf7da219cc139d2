import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_GAUGES, STORE_GAUGES } from '@rolloscope/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { type App, type AppOptions, createApp } from '../app';
import { sha256, type TokenEntry, Tokens } from '../http/Tokens';

let folder: string;
let app: App;
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(options: Partial<AppOptions> = {}): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-metrics-'));
  app = await createApp({ data: folder, tokens: new Tokens(), log: () => {}, ...options });
}

async function send(method: 'PUT' | 'POST', path: string, body: object, token?: string): Promise<void> {
  const headers = { host: 'localhost', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await app.fastify.inject({ method, url: `/api/v1${path}`, payload: body, headers });
  expect(answer.statusCode, answer.body).toBe(200);
}

const scrape = (url = '/metrics', token?: string) =>
  app.fastify.inject({ url, headers: { host: 'localhost', ...(token && { authorization: `Bearer ${token}` }) } });

/** Lines of one metric, without its name. */
const linesOf = (text: string, name: string) =>
  text.split('\n').flatMap((line) => (/^\w+/.exec(line)?.[0] === name ? [line.slice(name.length)] : []));

describe('/metrics', () => {
  it('says the newest value, step and time of every metric of a live run', async () => {
    await open();
    await send('PUT', '/runs/a', { project: 'p', group: 'g' });
    const metrics = { 'critic/lr(1e-4)': 1e-4, 'loss:sum': 'NaN', 'eval/math/acc/mean@4': 0.5, up: 'Infinity' };
    await send('POST', '/runs/a/log', { entries: [{ step: 7, time: 1_700_000_000_500, metrics }] });
    const answer = await scrape();
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const common = 'project="p",run="a",group="g"';
    expect(linesOf(answer.body, 'rolloscope_metric_value')).toEqual([
      `{${common},metric="critic/lr(1e-4)"} 0.0001`,
      `{${common},metric="loss:sum"} NaN`,
      `{${common},metric="eval/math/acc/mean@4",task="math"} 0.5`,
      `{${common},metric="up"} +Inf`,
    ]);
    expect(linesOf(answer.body, 'rolloscope_metric_step')[0]).toBe(`{${common},metric="critic/lr(1e-4)"} 7`);
    expect(linesOf(answer.body, 'rolloscope_metric_timestamp_seconds')[0]).toMatch(/ 1700000000\.5$/);
  });

  it('escapes what labels may hold', async () => {
    await open();
    const run = 'a"b\\c\nd/e ünï\u{1f600}';
    await send('PUT', `/runs/${encodeURIComponent(run)}`, { project: 'p', name: '{x="1"} 1\n# HELP' });
    const info = linesOf((await scrape()).body, 'rolloscope_run_info');
    expect(info).toEqual(['{project="p",run="a\\"b\\\\c\\nd/e ünï\u{1f600}",run_name="{x=\\"1\\"} 1\\n# HELP"} 1']);
  });

  it('tells what a run runs on, a line per resource, and whose it is', async () => {
    await open();
    const resources = [
      { host: 'n1', slurmJob: '7', gpus: ['0'] },
      { host: 'n2', slurmJob: '7' },
      { host: 'n1', slurmJob: '7', gpus: ['1'] },
    ];
    await send('PUT', '/runs/a', { project: 'p', name: 'first', config: { owner: 'ann' }, resources });
    expect(linesOf((await scrape()).body, 'rolloscope_run_info')).toEqual([
      '{project="p",run="a",run_name="first",owner="ann",host="n1",slurm_job="7"} 1',
      '{project="p",run="a",run_name="first",owner="ann",host="n2",slurm_job="7"} 1',
    ]);
  });

  it('ends with the run, but for its state', async () => {
    await open();
    await send('PUT', '/runs/a', { project: 'p' });
    await send('POST', '/runs/a/log', { entries: [{ step: 1, metrics: { loss: 'NaN' } }] });
    await expect
      .poll(async () => linesOf((await scrape()).body, 'rolloscope_run_nan'))
      .toEqual(['{project="p",run="a"} 1']);
    await send('POST', '/runs/a/finish', { state: 'failed' });
    const { body } = await scrape();
    expect(linesOf(body, 'rolloscope_run_nan')).toEqual(['{project="p",run="a"} 0']);
    expect(linesOf(body, 'rolloscope_run_state')).toEqual(['{project="p",run="a",state="failed"} 1']);
    expect(linesOf(body, 'rolloscope_run_crashed')).toEqual(['{project="p",run="a"} 1']);
  });

  it('raises no flag of a run that is muted', async () => {
    await open();
    await send('PUT', '/runs/a', { project: 'p' });
    await send('POST', '/runs/a/log', { entries: [{ step: 1, metrics: { loss: 'NaN' } }] });
    await expect
      .poll(async () => linesOf((await scrape()).body, 'rolloscope_run_nan'))
      .toEqual(['{project="p",run="a"} 1']);
    await send('PUT', '/runs/a', { project: 'p', tags: ['alerts:off'] });
    const { body } = await scrape();
    expect(linesOf(body, 'rolloscope_run_nan')).toEqual(['{project="p",run="a"} 0']);
    expect(linesOf(body, 'rolloscope_run_muted')).toEqual(['{project="p",run="a"} 1']);
  });

  it('is chosen by patterns and capped, and says what the cap left out', async () => {
    await open({ expose: { metrics: ['a*'], series: 40 } });
    for (const run of ['one', 'two']) {
      await send('PUT', `/runs/${run}`, { project: 'p' });
      const metrics = Object.fromEntries(['a1', 'a2', 'a3', 'a4', 'a5', 'b'].map((name) => [name, 1]));
      await send('POST', `/runs/${run}/log`, { entries: [{ step: 1, metrics }] });
    }
    const { body } = await scrape();
    const series = body.split('\n').filter((line) => /^rolloscope_(run|metric|eval)_/.test(line));
    const dropped = Number(linesOf(body, 'rolloscope_exposition_dropped_series')[0]);
    expect(series.length).toBeLessThanOrEqual(40);
    expect(dropped).toBeGreaterThan(0);
    expect(body).not.toContain('metric="b"');
    expect(linesOf(body, 'rolloscope_exposition_series_limit')).toEqual([' 40']);

    const chosen = (await scrape('/metrics?run=p/tw*&metric=b&metric=a1')).body;
    expect(linesOf(chosen, 'rolloscope_metric_value')).toEqual([
      '{project="p",run="two",metric="a1"} 1',
      '{project="p",run="two",metric="b"} 1',
    ]);
    expect((await scrape('/metrics?project=p')).json()).toMatchObject({ error: { code: 'invalid_request' } });
  });

  it('shows a token its own projects only', async () => {
    const entry = (name: string, projects: string[]): TokenEntry => ({
      name,
      sha256: sha256(name),
      scopes: ['read', 'write'],
      projects,
    });
    await open({ tokens: new Tokens([entry('all', ['*']), entry('own', ['mine'])]) });
    for (const project of ['mine', 'theirs']) {
      await send('PUT', `/runs/${project}`, { project }, 'all');
    }
    expect((await scrape()).statusCode).toBe(401);
    const { body } = await scrape('/metrics', 'own');
    expect(body).toContain('run="mine"');
    expect(body).not.toContain('theirs');
    expect(linesOf(body, 'rolloscope_store_runs')).toEqual([' 1']);
  });

  it('says everything that the contract lists, and nothing of runs beside it', async () => {
    await open();
    await send('PUT', '/runs/base', { project: 'p', tags: ['baseline'] });
    await send('PUT', '/runs/a', { project: 'p', config: { eval: { prompts: 100 } } });
    const entries = Array.from({ length: 6 }, (_, step) => ({
      step,
      time: 1_700_000_000_000 + step * 1_000,
      metrics: { 'eval/accuracy/mean': 0.5, frac_reward_zero_std: 0.1, 'response_length/clip_ratio': 0.1 },
      tables: { rollouts: { columns: ['policyVersion', 'trainingVersion'], rows: [[step, step + 1]] } },
    }));
    await send('POST', '/runs/base/log', { entries });
    await send('POST', '/runs/a/log', { entries });
    await expect.poll(async () => linesOf((await scrape()).body, 'rolloscope_eval_baseline_gap')).toHaveLength(1);
    const { body } = await scrape();
    const told = new Set([...body.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
    for (const name of [...Object.keys(RUN_GAUGES), ...Object.keys(STORE_GAUGES)]) {
      expect([...told], name).toContain(name);
    }
    const ofRuns = [...told].filter((name) => /^rolloscope_(?:alert$|(?:run|metric|eval)_)/.test(name ?? ''));
    expect(ofRuns.sort()).toEqual(Object.keys(RUN_GAUGES).sort());
  });
});
