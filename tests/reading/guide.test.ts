import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { apiKeyOf } from '../../store/http/apiKey';
import { makeFolder, removeFolder } from '../clients/folders';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { runToSuccess } from '../processes/startProcess';
import { installClient } from '../wandb/pythonClient';
import { NEWEST } from '../wandb/versions';
import { installReaders } from './pythonReaders';

vi.setConfig({ testTimeout: 240_000 });
let ours: OurStore;
let readers: string;
let wandb: string;
let folder: string;
beforeAll(async () => {
  const tokens = {
    reader: { scopes: ['read' as const], projects: ['*'] },
    writer: { scopes: ['write' as const], projects: ['*'] },
  };
  [ours, readers, wandb, folder] = await Promise.all([
    startOurs(tokens),
    installReaders(),
    installClient(NEWEST),
    makeFolder(),
  ]);
  await call('PUT', '', { project: 'maths', config: { lr: 1e-4 } });
  const logged = [
    [
      ['one', 0.5],
      ['two', 0],
    ],
    [
      ['three', 0],
      ['four', 1],
    ],
    [
      ['five', 1],
      ['six', 1],
      ['none', 0.25],
    ],
  ];
  const entries = logged.map((rows, i) => ({
    step: i + 1,
    metrics: { 'train/reward': (i + 1) / 4 },
    tables: { rollouts: { columns: ['response', 'reward'], rows } },
  }));
  await call('POST', '/log', { entries });
  await call('POST', '/finish', {});
}, 300_000);
afterAll(async () => {
  await ours?.stop();
  await removeFolder(folder);
});

async function call(method: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer writer' };
  const answer = await fetch(`${ours.url}/api/v1/runs/grpo-7${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.text()).toBe(200);
}

const page = await readFile(fileURLToPath(new URL('../../docs/reading.md', import.meta.url)), 'utf8');
const examples = [...page.matchAll(/^```python\n(.*?)^```\n```text\n(.*?)^```$/gms)].map(
  ([, code = '', said = '']) => ({
    isWandb: code.includes('import wandb') || code.includes('json, wandb'),
    code,
    said,
  }),
);

it('has examples, each with what it prints', () => {
  expect(examples.length).toBeGreaterThan(4);
  expect(examples).toHaveLength(page.match(/^```python/gm)?.length ?? 0);
});

it.each(examples)('$code', async ({ isWandb, code, said }) => {
  const script = code.replaceAll('http://store:8900', ours.url).replaceAll('READ_TOKEN', 'reader');
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    WANDB_DIR: folder,
    WANDB_SILENT: 'true',
    WANDB_API_KEY: apiKeyOf('reader'),
  };
  const printed = await runToSuccess(isWandb ? wandb : readers, ['-c', script], { cwd: folder, env });
  expect(printed).toBe(said);
});

it('what docs/from-wandb.md reads with the scripts that one has', async () => {
  const from = await readFile(fileURLToPath(new URL('../../docs/from-wandb.md', import.meta.url)), 'utf8');
  const [, code = ''] = /^```python\n(.*?)^```$/ms.exec(from) ?? [];
  expect(code).toContain('"any/my-project"');
  const env = {
    ...{ PATH: process.env.PATH, HOME: folder, WANDB_DIR: folder, WANDB_SILENT: 'true' },
    ...{ WANDB_BASE_URL: ours.url, WANDB_API_KEY: apiKeyOf('reader') },
  };
  const script = code.replace('my-project', 'maths').replace('eval/accuracy/mean', 'train/reward');
  expect(await runToSuccess(wandb, ['-c', script], { cwd: folder, env })).toBe('grpo-7 0.75 3\n');
});
