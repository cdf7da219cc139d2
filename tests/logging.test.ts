import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolPath } from '../.config/testTools';
import { type Server, startStore } from './browser/harness';
import { runToSuccess } from './processes/startProcess';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs', 'logging.md'), 'utf8');

const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');

describe('docs/logging.md', () => {
  let store: Server;
  const token = 'write-token';
  beforeAll(async () => {
    store = await startStore(['--write-token', token]);
  });
  afterAll(() => store.stop());

  const env = () => ({ ...process.env, STORE_URL: store.url, STORE_TOKEN: token });
  const read = async (path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(`${store.url}/api/v1${path}`, init)).json();
  };

  it('logs from Python with its standard library alone', async () => {
    await runToSuccess(toolPath('python'), ['-c', blocks('python')[0] ?? ''], { env: env() });
    expect(await read('/runs/my-python-run')).toMatchObject({
      state: 'finished',
      lastStep: 2,
      config: { lr: 1e-6 },
      summary: { 'reward/mean': 0.5 },
    });
    const rows = await read('/query/rows', { runs: ['my-python-run'], table: 'rollouts', limit: 1 });
    expect(rows).toMatchObject({ total: 6 });
  });

  it('logs from a shell with curl', async () => {
    const script = blocks('sh').find((block) => block.startsWith('RUN=')) ?? '';
    toolPath('curl');
    await runToSuccess('sh', ['-euc', script], { env: env() });
    expect(await read('/runs/my-shell-run')).toMatchObject({ state: 'finished', summary: { loss: 0.5 } });
  });

  it('has options and formats that the command knows, and links to files that exist', async () => {
    const stdout = await runToSuccess(process.execPath, ['store/bin/rolloscope-store.js', 'import', '--help'], {
      cwd: root,
    });
    const files = page.slice(page.indexOf('## Files'), page.indexOf('## Everyone else'));
    const options = new Set(files.match(/--[a-z]+/g) ?? []);
    expect(options.size).toBeGreaterThan(5);
    expect([...options].filter((option) => !stdout.includes(option))).toEqual([]);
    const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([]);
  });
});
