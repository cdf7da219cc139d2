import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toolPath } from '../../.config/testTools';
import { startExporter } from './gpuExporter';
import { type Running, startProgram } from './tools';

/*
 * The queries of the dashboard "Training and GPUs" and of its guide, asked of a real Prometheus over two hosts that pods of
 * several runs share: as DCGM's exporter labels them, and as they are after a scrape has renamed its labels.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const GPU = 'DCGM_FI_DEV_GPU_UTIL';
const MIB = 'DCGM_FI_DEV_FB_USED';
const gpus = [
  // Plain machines, in both spellings.
  'gpu="0",Hostname="n1"',
  'gpu="1",Hostname="n2.cluster"',
  'gpu="2",hostname="n3"',
  // A host that pods of two runs share, of one name in two namespaces.
  'gpu="3",Hostname="k1",pod="trainer-0",namespace="ann"',
  'gpu="4",Hostname="k1",pod="trainer-0",namespace="bob"',
  'gpu="5",Hostname="k1",pod="other",namespace="ann"',
  'gpu="6",Hostname="k1"',
  // The same after a scrape that kept its own labels: `pod` is the exporter's.
  'gpu="7",Hostname="k2",pod="exporter",namespace="monitoring",exported_pod="trainer-1",exported_namespace="ann"',
  'gpu="8",Hostname="k2",pod="exporter",namespace="monitoring",exported_pod="trainer-1",exported_namespace="bob"',
];
const info = (labels: string) => `rolloscope_run_info{project="p",${labels}} 1`;
const lines = [
  ...gpus.flatMap((labels, i) => [`${GPU}{${labels}} ${10 * i}`, `${MIB}{${labels}} ${i}`]),
  info('run="a",run_name="a",host="n1"'),
  info('run="a",run_name="a",host="n2"'),
  info('run="b",run_name="b",host="n1"'),
  info('run="c",run_name="c",host="k1",pod="trainer-0",namespace="ann"'),
  info('run="d",run_name="d",host="k1",pod="trainer-0",namespace="bob"'),
];

let folder: string;
let exporter: Awaited<ReturnType<typeof startExporter>>;
let prometheus: Running;

interface Found {
  metric: Record<string, string>;
  value: [number, string];
}
async function query(expr: string): Promise<Found[]> {
  const body = new URLSearchParams({ query: expr });
  const answer = await fetch(`${prometheus.url}/api/v1/query`, { method: 'POST', body });
  const { status, error, data } = (await answer.json()) as {
    status: string;
    error?: string;
    data: { result: Found[] };
  };
  expect(status, `${error} in ${expr}`).toBe('success');
  return data.result;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-gpus-'));
  exporter = await startExporter(lines);
  const file = join(folder, 'prometheus.yaml');
  const scrape = `{job_name: dcgm, scrape_interval: 1s, honor_labels: true, static_configs: [{targets: ['${exporter.target}']}]}`;
  await writeFile(file, `scrape_configs: [${scrape}]\n`);
  prometheus = await startProgram(toolPath('prometheus'), (port) => [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await vi.waitFor(async () => expect(await query(GPU)).toHaveLength(gpus.length), { timeout: 60_000 });
}, 120_000);
afterAll(async () => {
  await prometheus?.stop();
  await exporter?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** As Grafana writes the values of a variable: with one backslash in a regular expression, so in a raw string. */
const FORMATS: Record<string, (values: string[]) => string> = {
  csv: (values) => values.join(),
  regex: (values) => {
    const escaped = values.map((value) => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&'));
    return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
  },
};

describe('Training and GPUs', () => {
  type Resources = Partial<Record<'host' | 'pod' | 'namespace', string[]>>;
  async function shown(resources: Resources, which = GPU) {
    const json = JSON.parse(await readFile(join(root, 'provisioning/dashboards/training-and-gpus.json'), 'utf8')) as {
      panels: Array<{ targets?: Array<{ expr?: string }> }>;
    };
    const expr = json.panels.flatMap(({ targets = [] }) => targets.flatMap((one) => one.expr ?? []));
    const own = expr.find((one) => one.includes(which)) ?? '';
    const filled = own.replace(
      /\$\{(\w+):(\w+)\}/g,
      (_, name: keyof Resources, format: string) => FORMATS[format]?.(resources[name] ?? []) ?? '',
    );
    return (await query(filled)).map(({ metric, value }) => [Number(metric.gpu), Number(value[1])]).sort();
  }
  const gpusOf = async (resources: Resources) => (await shown(resources)).map(([gpu]) => gpu);

  it('shows every host of a run, in both spellings and with its domain', async () => {
    expect(await gpusOf({ host: ['n1', 'n2', 'n3'] })).toEqual([0, 1, 2]);
    expect(await gpusOf({ host: ['n2'] })).toEqual([1]);
    expect(await gpusOf({ host: ['n2.cluster'] })).toEqual([1]);
  });

  it('shows of a host that pods share only what the run’s own have', async () => {
    expect(await gpusOf({ host: ['k1'], pod: ['trainer-0'], namespace: ['ann'] })).toEqual([3]);
    expect(await gpusOf({ host: ['k1', 'k2'], pod: ['trainer-0', 'trainer-1'], namespace: ['bob'] })).toEqual([4, 8]);
    expect(await gpusOf({ host: ['k2'], pod: ['trainer-1'], namespace: ['ann'] })).toEqual([7]);
    // No namespace is known: then the name of the pod has to do, and is not taken for that of the exporter.
    expect(await gpusOf({ host: ['k1'], pod: ['trainer-0'] })).toEqual([3, 4]);
    expect(await gpusOf({ host: ['k2'], pod: ['exporter'] })).toEqual([]);
  });

  it('shows nothing of a run that does not say what it runs on', async () => {
    expect(await gpusOf({})).toEqual([]);
  });

  it('tells memory in bytes', async () => {
    expect(await shown({ host: ['n2'] }, MIB)).toEqual([[1, 1_048_576]]);
    expect(await shown({ host: ['k1'], pod: ['trainer-0'], namespace: ['ann'] }, MIB)).toEqual([[3, 3 * 1_048_576]]);
  });

  it('takes all of a variable’s values by itself', async () => {
    const { templating } = JSON.parse(
      await readFile(join(root, 'provisioning/dashboards/training-and-gpus.json'), 'utf8'),
    ) as { templating: { list: Array<{ name: string; includeAll?: boolean; current: { value: unknown } }> } };
    for (const name of ['host', 'pod', 'namespace', 'job']) {
      const variable = templating.list.find((one) => one.name === name);
      expect([variable?.includeAll, variable?.current.value], name).toEqual([true, '$__all']);
    }
  });
});

describe('the guide’s queries', () => {
  it('give every run what its hosts or its pods have, also where two share one', async () => {
    const guide = await readFile(join(root, 'docs/gpu-dashboards.md'), 'utf8');
    const [ofHosts, ofPods] = [...guide.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    const byRun = async (expr = '') =>
      Object.fromEntries((await query(expr)).map(({ metric, value }) => [metric.run, Number(value[1])]));
    expect(await byRun(ofHosts)).toMatchObject({ a: 5, b: 0 });
    expect(await byRun(ofPods)).toEqual({ c: 30, d: 40 });
  });
});
