import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type App, createApp } from '../../store/app';
import { Tokens } from '../../store/http/Tokens';

/*
 * Grafana's rules on OpenTSDB, asked as Grafana's backend asks: every query of every rule, and what it takes from the
 * answers. Grafana gives a rule's texts only those values whose labels are exactly those of the series that is alerted.
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
  data: Array<{ refId: string; datasourceUid: string; relativeTimeRange?: { from: number }; model: Model }>;
}

let folder: string;
let app: App;
let rules: Rule[];

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-grafana-rules-'));
  app = await createApp({ data: folder, tokens: new Tokens(), log: () => {} });
  const file = fileURLToPath(new URL('../../provisioning/alerting/opentsdb/rules.yaml', import.meta.url));
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
  }));
  const base = entries.map(({ metrics, ...rest }) => ({
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
  await send('POST', '/runs/gone/finish', { state: 'failed' });
  const events = async () =>
    (await app.fastify.inject({ url: '/api/v1/events?run=bad', headers: { host: 'localhost' } })).body;
  for (const kind of ['regression', 'below_baseline', 'nan', 'zero_spread', 'truncated']) {
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

const FIRES: Record<string, string | undefined> = {
  'rolloscope-o-eval-regressed': 'bad',
  'rolloscope-o-eval-below-baseline': 'bad',
  'rolloscope-o-run-stalled': undefined,
  'rolloscope-o-run-crashed': 'gone',
  'rolloscope-o-run-not-finite': 'bad',
  'rolloscope-o-run-zero-spread': 'bad',
  'rolloscope-o-run-truncated': 'bad',
};

it.each(Object.entries(FIRES))('%s is raised for %s, with every value of its texts', async (uid, run) => {
  const rule = rules.find((one) => one.uid === uid);
  const asked = await Promise.all(
    (rule?.data ?? [])
      .filter(({ datasourceUid }) => datasourceUid === 'rolloscope-opentsdb')
      .map(async ({ refId, model, relativeTimeRange }) => ({
        refId,
        series: await ask(model, relativeTimeRange?.from ?? 0),
      })),
  );
  const [flag, ...values] = asked;
  const raised = flag?.series.filter(({ dps }) => Object.values(dps).at(-1) === 1) ?? [];
  expect(raised.map(({ tags }) => tags.run)).toEqual(run === undefined ? [] : [run]);
  for (const { refId, series } of run === undefined ? [] : values) {
    const own = series.filter(({ tags }) => JSON.stringify(tags) === JSON.stringify(raised[0]?.tags));
    expect(own, refId).toHaveLength(1);
    expect(Number.isFinite(Object.values(own[0]?.dps ?? {}).at(-1)), refId).toBe(true);
  }
});

it('covers every rule', () => {
  expect(rules.map(({ uid }) => uid).sort()).toEqual(Object.keys(FIRES).sort());
});
