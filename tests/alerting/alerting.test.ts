import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolPath } from '../../.config/testTools';
import { launchChromium } from '../browser/chromium';
import { drawnTexts, keepDrawnTexts, panel, panelErrors, settled } from '../browser/dashboard';
import { openPage, type Server, startPreview, startStore } from '../browser/harness';
import { type Started, startProcess } from '../processes/startProcess';
import { startGpuExporter } from './gpuExporter';
import { promtool, type Running, startProgram } from './tools';
import { Webhook } from './Webhook';

/*
 * The whole way with the real programs: the demo trainer logs to the store, Prometheus scrapes it and evaluates the
 * shipped rules, the Alertmanager delivers, the link in the alert opens the evidence in Chromium, the run ends and the
 * alert resolves. Only the durations of the rules are shortened; `rules.test.ts` holds promtool to the shipped ones.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE = { timeout: 100_000, interval: 250 };

let folder: string;
let store: Server;
let preview: Server;
let webhook: Webhook;
let gpus: Awaited<ReturnType<typeof startGpuExporter>>;
let alertmanager: Running;
let prometheus: Running;
let browser: Browser;
const trainers: Started[] = [];

function train(run: string, ...args: string[]): void {
  const options = ['--url', store.url, '--run-id', run, '--name', run, '--step-time', '60', ...args];
  trainers.push(startProcess(process.execPath, [join(root, 'examples/dist/train.js'), ...options]));
}

async function startPrograms(): Promise<void> {
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const receiver = `receivers: [{name: test, webhook_configs: [{url: '${webhook.url}', send_resolved: true}]}]`;
  const route =
    'route: {receiver: test, group_by: [project, run], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}';
  const ofAlertmanager = await write('alertmanager.yaml', `${route}\n${receiver}\n`);
  alertmanager = await startProgram(toolPath('alertmanager'), (port) => [
    `--config.file=${ofAlertmanager}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  const shipped = await readFile(join(root, 'provisioning/prometheus/rules.yaml'), 'utf8');
  await write('rules.yaml', shipped.replace(/^(\s+(?:for|keep_firing_for)): \d+[sm]$/gm, '$1: 0s'));
  const target = (address: string) => `static_configs: [{targets: ['${address}']}]`;
  const ofPrometheus = await write(
    'prometheus.yaml',
    `global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {grafana: '${preview.url}'}}
rule_files: [rules.yaml]
alerting: {alertmanagers: [{${target(alertmanager.url.replace('http://', ''))}}]}
scrape_configs:
  - {job_name: rolloscope, ${target(store.url.replace('http://', ''))}}
  - {job_name: dcgm, ${target(gpus.target)}}
`,
  );
  prometheus = await startProgram(toolPath('prometheus'), (port) => [
    `--config.file=${ofPrometheus}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-alerting-'));
  store = await startStore();
  webhook = await Webhook.start();
  gpus = await startGpuExporter([
    { label: 'Hostname', host: hostname() },
    { label: 'hostname', host: hostname() },
    { label: 'Hostname', host: 'another-machine' },
  ]);
  // The preview wants Prometheus' address, and Prometheus the preview's for its links: the port is chosen before.
  preview = await startPreview(store.url);
  await startPrograms();
  browser = await launchChromium();
});
afterAll(async () => {
  await Promise.all(trainers.map((trainer) => trainer.kill()));
  await browser?.close();
  await prometheus?.stop();
  await alertmanager?.stop();
  await gpus?.stop();
  await webhook?.stop();
  await preview?.stop();
  await store?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** How many rollouts of an eval are wrong now whose prompts were right before, counted here. */
async function newlyWrong(run: string, before: number, now: number): Promise<number> {
  const answers = async (step: number) => {
    const body = {
      runs: [run],
      table: 'eval',
      steps: { from: step, to: step },
      columns: ['prompt', 'correct'],
      limit: 1_000,
    };
    const answer = await fetch(`${store.url}/api/v1/query/rows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { rows: Array<[string, boolean]> }).rows;
  };
  const isRight = (rows: Array<[string, boolean]>, prompt: string) => {
    const own = rows.filter(([one]) => one === prompt);
    return own.filter(([, correct]) => correct).length > own.length / 2;
  };
  const [earlier, later] = await Promise.all([answers(before), answers(now)]);
  return later.filter(([prompt, correct]) => !correct && isRight(earlier, prompt) && !isRight(later, prompt)).length;
}

const delivered = (alert: string, run: string) => expect.poll(() => webhook.of(alert, run).at(-1)?.status, PATIENCE);
const REGRESSED = 'RolloscopeEvalRegressed';

describe('training that goes wrong', { timeout: 240_000 }, () => {
  it('is alerted, with values and their errors', async () => {
    train('healthy', '--steps', '140', '--seed', '11');
    train('collapse', '--steps', '110', '--collapse-at', '40');
    train('hack', '--steps', '150', '--seed', '2', '--lr', '1', '--lenient-verifier');
    await delivered(REGRESSED, 'collapse').toBe('firing');
    const [alert] = webhook.of(REGRESSED, 'collapse');
    expect(alert?.labels).toMatchObject({
      project: 'word-problems',
      run_name: 'collapse',
      task: 'all',
      metric: 'eval/accuracy/mean',
      severity: 'critical',
    });
    expect(alert?.annotations.summary).toMatch(
      /^collapse: eval\/accuracy\/mean regressed: [\d.]+ ± [\d.]+ against [\d.]+ ± [\d.]+, at step \d+$/,
    );
    expect(alert?.annotations.description).toMatch(
      /three earlier ones\. Worse by 0\.\d+ ± 0\.0\d+, limit .*compared with steps 25, 30, 35/,
    );
  });

  it('links to the prompts that were right and are wrong', async () => {
    const link = webhook.of(REGRESSED, 'collapse')[0]?.annotations.dashboard ?? '';
    expect(link.startsWith(`${preview.url}/d/rolloscope-regression/`)).toBe(true);
    const { page, faults } = await openPage(browser, 1440, 1400);
    await page.goto(link);
    await settled(page);
    const evidence = panel(page, 4);
    const { searchParams } = new URL(link);
    const [reference, step] = [Number(searchParams.get('var-reference')), Number(searchParams.get('var-step'))];
    expect(reference).toBe(35);
    await expect.poll(() => evidence.textContent(), PATIENCE).toContain('Eval: right before, wrong now');
    const fallen = await newlyWrong('collapse', reference, step);
    expect(fallen).toBeGreaterThan(50);
    const pages = evidence.getByRole('navigation', { name: 'Pages' }).locator('span').first();
    await expect.poll(() => pages.textContent(), PATIENCE).toMatch(new RegExp(`^1 - \\d+ of ${fallen}$`));
    expect(await panelErrors(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is alerted when a reward is hacked, though the reward climbs', async () => {
    await delivered(REGRESSED, 'hack').toMatch(/firing|resolved/);
  });

  it('resolves when the run ends, and the healthy run was never alerted', async () => {
    await delivered(REGRESSED, 'collapse').toBe('resolved');
    await delivered(REGRESSED, 'hack').toBe('resolved');
    const events = async (run: string) =>
      (
        (await (await fetch(`${store.url}/api/v1/events?run=${run}`)).json()) as { events: Array<{ type: string }> }
      ).events.map(({ type }) => type);
    await expect.poll(() => events('healthy'), PATIENCE).toContain('finish');
    expect(await events('healthy')).toEqual(['start', 'finish']);
    expect(await events('collapse')).toContain('regression');
    expect(webhook.alerts.filter(({ labels }) => labels.run === 'healthy')).toEqual([]);
  });
});

it('rollouts of an old policy are alerted by what the store makes of their rows', { timeout: 240_000 }, async () => {
  const send = async (method: string, path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${store.url}/api/v1/runs/stale${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  };
  await send('PUT', '', { project: 'stale', name: 'far behind' });
  const ages = (step: number) => [0, 1, step < 5 ? 1 : 30];
  for (let step = 0; step < 25; step++) {
    const rows = ages(step).map((age) => [step - age, step]);
    const tables = { rollouts: { columns: ['policyVersion', 'trainingVersion'], rows } };
    await send('POST', '/log', { entries: [{ step, tables }] });
  }
  await delivered('RolloscopeRunStale', 'stale').toBe('firing');
  const [alert] = webhook.of('RolloscopeRunStale', 'stale');
  expect(alert?.labels).toMatchObject({ metric: 'rollouts/policyAge/p99', severity: 'warning' });
  expect(alert?.annotations.summary).toMatch(
    /^far behind: One rollout in a hundred is of a policy [\d.]+ versions old, at step \d+$/,
  );
  const exposed = await (await fetch(`${store.url}/metrics`)).text();
  expect(exposed).toMatch(
    /rolloscope_metric_value\{[^}]*run="stale"[^}]*metric="rollouts\/policyAge\/p99"[^}]*\} 29\.4/,
  );
  expect(exposed).toMatch(/rolloscope_run_policy_age\{[^}]*run="stale"[^}]*\} 29\.4/);
  await send('POST', '/finish', {});
  await delivered('RolloscopeRunStale', 'stale').toBe('resolved');
});

it('/metrics says nothing that promtool would not take', async () => {
  const hostile = 'a "b"\\c\nd/ü\u{1f600}';
  const send = (method: string, path: string, body: object) =>
    fetch(`${store.url}/api/v1/runs/${encodeURIComponent(hostile)}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect(
    (await send('PUT', '', { project: 'odd', name: hostile, group: hostile, tags: [`owner:${hostile}`] })).ok,
  ).toBe(true);
  const metrics = {
    'critic/lr(1e-4)': 1,
    'loss:sum': 'NaN',
    'eval/a "b"/accuracy/mean': 0.5,
    'mean@4': '-Infinity',
    [hostile]: 2,
  };
  expect((await send('POST', '/log', { entries: [{ step: 1, metrics }] })).ok).toBe(true);
  const text = await (await fetch(`${store.url}/metrics`)).text();
  expect(text).toContain('metric="loss:sum"} NaN');
  expect(promtool(['check', 'metrics'], text)).toEqual({ ok: true, output: '' });
});

describe('dashboards over a Prometheus', { timeout: 120_000 }, () => {
  const open = async (dashboard: string, previewUrl: string) => {
    const { page, faults } = await openPage(browser, 1440, 1400);
    await keepDrawnTexts(page);
    await page.goto(`${previewUrl}/d/${dashboard}?var-project=word-problems&var-run=collapse&from=now-15m&to=now`);
    await settled(page);
    return { page, faults };
  };

  it('show the GPUs of the run’s own hosts, in both spellings, beside its training', async () => {
    const withPrometheus = await startPreview(store.url, { PROMETHEUS_URL: prometheus.url });
    try {
      const { page, faults } = await open('rolloscope-training-gpus', withPrometheus.url);
      await expect.poll(() => panel(page, 7).textContent(), PATIENCE).toContain(`${hostname()} GPU 0`);
      const legend = await panel(page, 7).textContent();
      expect(legend).toContain(`${hostname()} GPU 1`);
      expect(legend).not.toContain('another-machine');
      expect(await drawnTexts(page, 7)).toContain('100%');
      expect(await panelErrors(page)).toEqual([]);
      const fleet = await open('rolloscope-fleet', withPrometheus.url);
      await expect.poll(() => panel(fleet.page, 2).textContent(), PATIENCE).toContain('collapse');
      expect(await panelErrors(fleet.page)).toEqual([]);
      expect([...faults, ...fleet.faults]).toEqual([]);
    } finally {
      await withPrometheus.stop();
    }
  });

  it('say of a run without an eval table that it has none', async () => {
    const path = `${store.url}/api/v1/runs/tableless`;
    const send = async (method: string, url: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(url, { method, headers, body: JSON.stringify(body) })).ok).toBe(true);
    };
    await send('PUT', path, { project: 'tableless' });
    await send('POST', `${path}/log`, { entries: [{ step: 1, metrics: { 'eval/accuracy/mean': 0.5 } }] });
    const { page, faults } = await openPage(browser, 1440, 1400);
    await page.goto(`${preview.url}/d/rolloscope-regression?var-project=tableless&var-run=tableless&var-step=1`);
    await settled(page);
    await expect.poll(() => panel(page, 4).textContent(), PATIENCE).toContain('No eval table of this run is known');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('make sense without one: training is there, and the GPU row says what to add', async () => {
    for (const dashboard of ['rolloscope-training-gpus', 'rolloscope-fleet']) {
      const { page, faults } = await open(dashboard, preview.url);
      expect(await panelErrors(page)).toEqual([]);
      expect(faults).toEqual([]);
      if (dashboard === 'rolloscope-training-gpus') {
        await expect.poll(() => panel(page, 2).textContent(), PATIENCE).toContain('critic/rewards/mean');
        expect(await panel(page, 7).textContent()).toContain('none of the hosts or pods above');
        await page.getByText(/^Neither hosts, pods nor a Slurm job above/).click();
        await expect.poll(() => panel(page, 16).textContent(), PATIENCE).toContain('"resources": [{"host":');
      }
      await page.close();
    }
  });
});
