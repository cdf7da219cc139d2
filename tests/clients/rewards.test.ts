import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { experimentIdOf } from '../../store/mlflow/experimentId';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { WireClient as MlflowClient } from '../mlflow/WireClient';
import { WireClient as TrackioClient } from '../trackio/WireClient';
import { tableValue, WireClient as WandbClient } from '../wandb/WireClient';
import { PROJECT_TOKENS, READER } from './projectTokens';
import { readRun } from './readRun';

vi.setConfig({ testTimeout: 60_000 });
let ours: OurStore;
beforeAll(async () => {
  ours = await startOurs(PROJECT_TOKENS);
});
afterAll(() => ours.stop());

/** As TRL logs it: two reward functions, a number of `log_extra` that one of them adds, and one that is called a reward. */
const columns = ['step', 'prompt', 'completion', 'correctness', 'length', 'digits', 'raw_reward', 'advantage'];
const rows = [
  ['1', '10 + 2?', '12', 1, -0.25, 2, 40, 0.7],
  ['1', '10 + 2?', '17 an 58', 0, -0.5, 10, 50, -0.7],
];
const metrics = { 'train/rewards/correctness/mean': 0.5, 'train/rewards/length/mean': -0.375, 'train/global_step': 1 };
const weights = [1, 2];

async function expectTotals(run: string, totals: number[]) {
  const logged = readRun(ours.url, run, READER);
  const shown = await logged.rows('completions', ['response', 'digits', 'reward_sum']);
  expect(shown).toEqual(rows.map((row, i) => [row[2], row[5], totals[i]]));
  const roles = (await logged.columns('completions')).flatMap(({ name, role }) => (role ? [`${name}: ${role}`] : []));
  expect(roles).toEqual([
    'prompt: prompt',
    'response: response',
    'correctness: rewardPart',
    'length: rewardPart',
    'advantage: advantage',
    'reward_sum: reward',
  ]);
}

it.each([
  ['plain', {}, [0.75, -0.5]],
  ['weighted', { reward_weights: { value: weights } }, [0.5, -1]],
])('only reward functions are summed by W&B: %s', async (name, config, totals) => {
  const client = new WandbClient(ours.url, 'p', `wandb-${name}`);
  await client.begin({ config: JSON.stringify(config) });
  await client.uploadTable('media/table/c.table.json', columns, rows);
  const line = { _step: 0, _timestamp: 1_763_985_600, ...metrics };
  await client.history(0, [line, { ...line, _step: 1, completions: tableValue('media/table/c.table.json') }]);
  await expectTotals(`wandb-${name}`, totals);
});

it.each([
  ['plain', {}, [0.75, -0.5]],
  ['weighted', { reward_weights: weights }, [0.5, -1]],
])(
  'only reward functions are summed by trackio, the table in one request with the metrics: %s',
  async (name, config, totals) => {
    const run = `trackio-${name}`;
    const entry = (values: object, log_id: string) => ({
      project: 'p',
      run,
      run_id: run,
      metrics: values,
      step: 0,
      config,
      log_id,
    });
    const table = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
    await new TrackioClient(ours.url, 'any').log([
      entry(metrics, 'a'),
      entry({ completions: { _type: 'trackio.table', _value: table } }, 'b'),
    ]);
    await expectTotals(run, totals);
  },
);

it('only reward functions are summed by MLflow, whose parameters are texts', async () => {
  const client = new MlflowClient(ours.url);
  const run_id = await client.begin(experimentIdOf('p'), { run_name: 'mlflow' });
  const points = Object.entries(metrics).map(([key, value]) => ({ key, value, step: 1, timestamp: 1_763_985_600_000 }));
  const params = [{ key: 'reward_weights', value: '[1.0, 2.0]' }];
  await client.post('runs/log-batch', { run_id, metrics: points, params });
  await client.upload(run_id, 'completions.json', JSON.stringify({ columns, data: rows }));
  await expectTotals('mlflow', [0.5, -1]);
});

it('completions of an eval, which TRL logs under the same name, are a table of their own', async () => {
  const client = new WandbClient(ours.url, 'p', 'wandb-eval');
  await client.begin();
  const at = (step: number, values: object) => ({ _step: step, _timestamp: 1_763_985_600 + step, ...values });
  for (const name of ['a', 'b', 'c']) {
    await client.uploadTable(`media/table/${name}.table.json`, ['prompt', 'completion', 'advantage'], [['p', name, 0]]);
  }
  const table = (name: string) => ({ completions: tableValue(`media/table/${name}.table.json`) });
  await client.history(0, [at(0, { 'train/reward': 1, 'train/global_step': 1 }), at(1, table('a'))]);
  await client.history(2, [at(2, { 'eval/reward': 1, 'train/global_step': 1, 'train/epoch': 0.5 })]);
  await client.history(3, [at(3, table('b')), at(4, { 'train/reward': 1, 'train/global_step': 2 }), at(5, table('c'))]);
  const trackio = new TrackioClient(ours.url, 'any');
  const entry = (log_id: string, metrics_: object) => ({
    project: 'p',
    run: 'trackio-eval',
    run_id: 't',
    metrics: metrics_,
    step: 0,
    config: null,
    log_id,
  });
  const inline = (completion: string) => ({
    completions: { _type: 'trackio.table', _value: [{ prompt: 'p', completion, advantage: 0 }] },
  });
  await trackio.log([entry('1', { 'train/reward': 1, 'train/global_step': 1 }), entry('2', inline('a'))]);
  await trackio.log([entry('3', { 'eval/reward': 1, 'train/global_step': 1 })]);
  await trackio.log([
    entry('4', inline('b')),
    entry('5', { 'train/reward': 1, 'train/global_step': 2 }),
    entry('6', inline('c')),
  ]);
  for (const run of ['wandb-eval', 'trackio-eval']) {
    const logged = readRun(ours.url, run, READER);
    expect((await logged.rows('completions', ['response'])).flat().sort()).toEqual(['a', 'c']);
    expect((await logged.rows('eval_completions', ['response'])).flat()).toEqual(['b']);
  }
});

it('a log call says that a column plays no role, whatever its name', async () => {
  const call = (path: string, method: string, body: unknown) =>
    fetch(`${ours.url}/api/v1/runs/http${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
    });
  await call('', 'PUT', { project: 'p' });
  const table = { columns: ['response', { name: 'score', role: null }, 'reward'], rows: [['r', 9, 1]] };
  expect((await call('/log', 'POST', { entries: [{ step: 1, tables: { rollouts: table } }] })).status).toBe(200);
  expect(await readRun(ours.url, 'http', READER).columns('rollouts')).toEqual(
    expect.arrayContaining([
      { name: 'score', type: 'number', origin: 'logged' },
      { name: 'reward', type: 'number', origin: 'logged', role: 'reward' },
    ]),
  );
});
