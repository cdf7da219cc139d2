import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type App, createApp } from '../../store/app';
import { Tokens } from '../../store/http/Tokens';

/*
 * Grafana's rules on OpenTSDB, asked as Grafana's backend asks: every query of every rule, and the labels that its texts are
 * made of.
 */
interface Model {
  metric: string;
  aggregator: string;
  downsampleInterval: string;
  downsampleAggregator: string;
  tags: object;
}
interface Rule {
  uid: string;
  annotations: Record<string, string>;
  data: Array<{ refId: string; datasourceUid: string; relativeTimeRange?: { from: number }; model: Model }>;
}

let folder: string;
let app: App;
let rules: Rule[];

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-grafana-rules-'));
  app = await createApp({ data: folder, tokens: new Tokens(), log: () => {} });
  const file = fileURLToPath(new URL('../../provisioning/alerting/rolloscope.yaml', import.meta.url));
  rules = (parse(await readFile(file, 'utf8')) as { groups: Array<{ rules: Rule[] }> }).groups.flatMap(
    (one) => one.rules,
  );
  const begin = Date.now() - 30 * 60_000;
  const entries = Array.from({ length: 25 }, (_, i) => ({
    step: i,
    time: begin + i * 60_000,
    metrics: {
      'eval/math/accuracy/mean': i < 6 ? 0.6 : 0.2,
      'actor/pg_loss': i < 20 ? 0.1 : ('NaN' as const),
      frac_reward_zero_std: 0.8,
      'response_length/clip_ratio': 0.6,
    },
    // The store itself makes a metric of these.
    tables: { rollouts: { columns: ['policyVersion', 'trainingVersion'], rows: [[i, i + 12]] } },
  }));
  const base = entries.map(({ metrics, tables: _, ...rest }) => ({
    ...rest,
    metrics: { ...metrics, 'eval/math/accuracy/mean': 0.7 },
  }));
  await send('PUT', '/runs/base', { project: 'p', tags: ['baseline', 'alerts:off'], startedAt: begin });
  await send('POST', '/runs/base/log', { entries: base });
  const owner = { config: { owner: 'ann', eval: { prompts: 200 } }, group: 'job', startedAt: begin };
  await send('PUT', '/runs/bad', { project: 'p', name: 'a bad run', ...owner });
  await send('POST', '/runs/bad/log', { entries });
  await send('PUT', '/runs/gone', { project: 'p', name: 'gone', ...owner });
  await send('POST', '/runs/gone/log', { entries: base });
  await send('PUT', '/runs/old', { project: 'p', name: 'crashed before anybody looked', ...owner });
  await send('POST', '/runs/old/log', { entries: base });
  await send('POST', '/runs/old/finish', { state: 'failed' });
  // Grafana looks for the first time: what crashed before is no news.
  vi.setSystemTime(Date.now() + 1_000);
  await ask(
    {
      metric: 'rolloscope_alert',
      aggregator: 'none',
      downsampleInterval: '1m',
      downsampleAggregator: 'last',
      tags: {},
    },
    600,
  );
  await send('POST', '/runs/gone/finish', { state: 'failed' });
  const events = async () =>
    (await app.fastify.inject({ url: '/api/v1/events?run=bad', headers: { host: 'localhost' } })).body;
  for (const kind of ['regression', 'below_baseline', 'nan', 'zero_spread', 'truncated', 'stale']) {
    for (let i = 0; i < 400 && !(await events()).includes(`"type":"${kind}"`); i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await events()).toContain(`"type":"${kind}"`);
  }
  // The next points of the grid, for what happened this minute.
  vi.setSystemTime(Date.now() + 2 * 60_000);
});
afterAll(async () => {
  vi.useRealTimers();
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

async function send(method: 'PUT' | 'POST', path: string, payload: object): Promise<void> {
  const answer = await app.fastify.inject({ method, url: `/api/v1${path}`, payload, headers: { host: 'localhost' } });
  expect(answer.statusCode, answer.body).toBe(200);
}

interface Series {
  tags: Record<string, string>;
  dps: Record<string, number>;
}

/** What Grafana's backend makes of a query's model. */
async function ask(
  { metric, aggregator, downsampleInterval, downsampleAggregator, tags }: Model,
  from: number,
): Promise<Series[]> {
  const now = Math.floor(Date.now() / 1_000);
  const query = { metric, aggregator, downsample: `${downsampleInterval}-${downsampleAggregator}`, tags };
  const payload = { start: now - from, end: now, queries: [query] };
  const answer = await app.fastify.inject({
    method: 'POST',
    url: '/opentsdb/api/query',
    payload,
    headers: { host: 'localhost' },
  });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as Series[];
}

const REGRESSION = 'd/rolloscope-regression/regression?var-project=p&var-run=bad&var-step=7';
const FIRES: Record<string, { run: string; title: RegExp; link: string } | undefined> = {
  'rolloscope-o-eval-regressed': {
    run: 'bad',
    title: /^eval\/math\/accuracy\/mean regressed: 0\.2 ± 0\.0\d+ against 0\.6 ± 0\.0\d+$/,
    link: REGRESSION,
  },
  'rolloscope-o-eval-below-baseline': {
    run: 'bad',
    title: /is below the baseline: 0\.\d/,
    link: 'd/rolloscope-regression/regression?var-project=p&var-run=bad',
  },
  'rolloscope-o-run-stalled': undefined,
  'rolloscope-o-run-crashed': {
    run: 'gone',
    title: /^has failed after step 24$/,
    link: 'd/rolloscope-run-overview/run-overview?var-project=p',
  },
  'rolloscope-o-run-not-finite': {
    run: 'bad',
    title: /^actor\/pg_loss is NaN$/,
    link: 'd/rolloscope-all-metrics/all-metrics?var-project=p&var-run=bad&var-step=20',
  },
  'rolloscope-o-run-zero-spread': {
    run: 'bad',
    title: /^80 % of the prompt groups/,
    link: 'd/rolloscope-all-metrics/',
  },
  'rolloscope-o-run-truncated': { run: 'bad', title: /^60 % of the responses/, link: 'd/rolloscope-all-metrics/' },
  'rolloscope-o-run-stale': {
    run: 'bad',
    title: /^One rollout in a hundred is of a policy 12 versions old$/,
    link: 'd/rolloscope-all-metrics/',
  },
};

it.each(Object.entries(FIRES))('%s is raised for %s, with every label of its texts', async (uid, fired) => {
  const rule = rules.find((one) => one.uid === uid);
  const [asked, ...others] = (rule?.data ?? []).filter(({ datasourceUid }) => datasourceUid === 'rolloscope-opentsdb');
  expect(others).toEqual([]);
  const series = asked ? await ask(asked.model, asked.relativeTimeRange?.from ?? 0) : [];
  // Something is always there, so that no answer means no store.
  expect(series.filter(({ tags, dps }) => !tags.run && Object.values(dps).at(-1) === 0)).toHaveLength(1);
  const raised = series.filter(({ dps }) => Object.values(dps).at(-1) === 1);
  expect(raised.map(({ tags }) => tags.run)).toEqual(fired ? [fired.run] : []);
  if (fired && raised[0]) {
    const { tags } = raised[0];
    expect(tags.title).toMatch(fired.title);
    expect(tags.link?.startsWith(fired.link)).toBe(true);
    expect(tags.link).toMatch(/&from=\d{13}&to=\d{13}/);
    expect(tags.link?.includes('&var-reference=2&')).toBe(uid === 'rolloscope-o-eval-regressed');
    expect(tags).toMatchObject({
      run_name: fired.run === 'bad' ? 'a bad run' : 'gone',
      owner: 'ann',
      step: expect.any(String),
    });
  }
});

it('an outage of the store is one alert, though alerts of runs are open', async () => {
  const rule = rules.find(({ uid }) => uid === 'rolloscope-o-store-unreachable');
  const [asked] = rule?.data ?? [];
  // Every series that there was is an alert of its own once there is no answer.
  const series = asked ? await ask(asked.model, asked.relativeTimeRange?.from ?? 0) : [];
  expect(series.map(({ tags }) => tags)).toEqual([{}]);
  expect(Object.values(series[0]?.dps ?? {}).at(-1)).toBe(1);
});

it('covers every rule about runs', () => {
  expect(rules.map(({ uid }) => uid).sort()).toEqual([...Object.keys(FIRES), 'rolloscope-o-store-unreachable'].sort());
});
