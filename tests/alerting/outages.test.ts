import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { toolPath } from '../../.config/testTools';
import { type StartedStore, startStore } from '../bench/startStore';
import { freePort } from '../processes/freePort';
import { type Running, startProgram } from './tools';
import { Webhook } from './Webhook';

/*
 * A store, a Prometheus and an Alertmanager that go away and come back, alone and together, with the shipped rules and the
 * shipped way of grouping, shortened. An alert that is open stays open, and is told once; when it ends, that is told once.
 */
const shipped = (path: string) =>
  readFile(fileURLToPath(new URL(`../../provisioning/${path}`, import.meta.url)), 'utf8');
const PATIENCE = { timeout: 100_000, interval: 250 };
/** Milliseconds that something is away: of scrapes and evaluations that are missed, many. */
const AWAY = 5_000;

let folder: string;
let webhook: Webhook;
let store: StartedStore;
let prometheus: Running;
let alertmanager: Running;
let ports: { store: number; prometheus: number; alertmanager: number };

const at = (name: string) => join(folder, name);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function upStore() {
  store = await startStore({ data: at('data'), port: ports.store });
}
async function upPrometheus() {
  const args = [`--config.file=${at('prometheus.yaml')}`, `--storage.tsdb.path=${at('tsdb')}`];
  // As long as the shipped 15 minutes is to an hour: the Alertmanager is told that an alert holds for four times that.
  const all = [...args, '--rules.alert.resend-delay=15s', `--web.listen-address=127.0.0.1:${ports.prometheus}`];
  prometheus = await startProgram(toolPath('prometheus'), () => all, ports.prometheus);
}
async function upAlertmanager() {
  const args = [`--config.file=${at('alertmanager.yaml')}`, `--storage.path=${at('am')}`, '--cluster.listen-address='];
  const all = [...args, `--web.listen-address=127.0.0.1:${ports.alertmanager}`];
  alertmanager = await startProgram(toolPath('alertmanager'), () => all, ports.alertmanager);
}

async function send(method: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
}
const log = (step: number, metrics: object) => send('POST', '/runs/a/log', { entries: [{ step, metrics }] });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-outages-'));
  ports = { store: await freePort(), prometheus: await freePort(), alertmanager: await freePort() };
  webhook = await Webhook.start();
  const rules = await shipped('prometheus/rules.yaml');
  await writeFile(
    at('rules.yaml'),
    rules
      .replace(/^(\s+for): \d+[sm]$/gm, '$1: 0s')
      .replaceAll('3m', '4s')
      .replaceAll(':30s]', ':1s]'),
  );
  const target = (port: number) => `static_configs: [{targets: ['127.0.0.1:${port}']}]`;
  await writeFile(
    at('prometheus.yaml'),
    `global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {grafana: 'http://grafana'}}
rule_files: [rules.yaml]
alerting: {alertmanagers: [{${target(ports.alertmanager)}}]}
scrape_configs: [{job_name: rolloscope, ${target(ports.store)}}]
`,
  );
  const example = parse(await shipped('prometheus/alertmanager.example.yaml')) as {
    route: { routes: object[] };
    receivers: object[];
  };
  const receivers = [
    { name: 'nobody' },
    { name: 'team', webhook_configs: [{ url: webhook.url, send_resolved: true }] },
  ];
  const route = JSON.parse(
    JSON.stringify(example.route)
      .replace(/"(\d+)s"/g, '"1s"')
      .replaceAll('"1m"', '"1s"'),
  ) as object;
  await writeFile(at('alertmanager.yaml'), stringify({ route, receivers }));
  await Promise.all([upStore(), upPrometheus(), upAlertmanager()]);
}, 120_000);
afterAll(async () => {
  await prometheus?.stop();
  await alertmanager?.stop();
  await store?.stop();
  await webhook?.stop();
  await rm(folder, { recursive: true, force: true });
});

const NAN = 'RolloscopeRunNotFinite';
const told = () => webhook.of(NAN, 'a').map(({ status }) => status);

it('neither end an alert nor tell it twice', { timeout: 400_000 }, async () => {
  await send('PUT', '/runs/a', { project: 'p', name: 'first' });
  await log(1, { 'actor/pg_loss': 'NaN' });
  await expect.poll(told, PATIENCE).toEqual(['firing']);
  const [alert] = webhook.of(NAN, 'a');
  expect(alert?.annotations.summary).toBe('first: actor/pg_loss is NaN, at step 1');
  expect(alert?.annotations.dashboard).toMatch(
    /^http:\/\/grafana\/d\/rolloscope-all-metrics\/.*metrics-1=only\.actor%252Fpg_loss/,
  );

  await store.kill();
  await wait(AWAY);
  await upStore();
  await wait(AWAY);
  expect(told(), 'the store was away').toEqual(['firing']);

  await prometheus.stop();
  await wait(AWAY);
  await upPrometheus();
  await wait(AWAY);
  expect(told(), 'Prometheus was away').toEqual(['firing']);

  await alertmanager.stop();
  await wait(AWAY);
  await upAlertmanager();
  await wait(AWAY);
  expect(told(), 'the Alertmanager was away').toEqual(['firing']);

  await store.kill();
  await wait(AWAY);
  await prometheus.stop();
  await wait(AWAY);
  await upPrometheus();
  await wait(2 * AWAY);
  await upStore();
  await wait(AWAY);
  expect(told(), 'Prometheus came back before the store').toEqual(['firing']);

  await log(2, { 'actor/pg_loss': 1 });
  await expect.poll(told, PATIENCE).toEqual(['firing', 'resolved']);
  await wait(AWAY);
  expect(told()).toEqual(['firing', 'resolved']);
});

it('and what had ended does not come back while the store is away', { timeout: 120_000 }, async () => {
  await store.kill();
  await wait(2 * AWAY);
  await upStore();
  await wait(AWAY);
  expect(told()).toEqual(['firing', 'resolved']);
});
