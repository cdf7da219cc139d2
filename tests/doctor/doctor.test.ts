import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPreview } from '../../preview/server';
import type { Finding } from '../../store/cli/doctor/Finding';
import { apiKeyOf } from '../../store/http/apiKey';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { bin } from '../clients/runCommand';
import { freePort } from '../processes/freePort';
import { runProcess } from '../processes/startProcess';
import { type Meddling, meddlingProxy } from './meddlingProxy';

vi.setConfig({ testTimeout: 120_000 });
const [READ, WRITE, LABEL] = ['read-token-1', 'write-token-1', 'label-token-1'];
let store: StartedStore;
let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
  store = await startStore({ args: ['--read-token', READ, '--write-token', WRITE, '--label-token', LABEL] });
}, 120_000);
afterAll(async () => {
  await store?.stop();
  await removeFolder(folder);
});

interface Examined {
  code: number | null;
  findings: Finding[];
  output: string;
  /** The finding of a check. */
  of(check: string): Finding;
}

async function examine(args: string[], env: Record<string, string> = {}): Promise<Examined> {
  const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } };
  const { code, stdout, stderr } = await runProcess(process.execPath, [bin, 'doctor', '--json', ...args], options);
  expect(stderr).toBe('');
  const { findings, problems } = JSON.parse(stdout) as { findings: Finding[]; problems: number };
  expect(problems).toBe(findings.filter(({ level }) => level === 'problem').length);
  expect(code).toBe(problems > 0 ? 1 : 0);
  // Each says what to do where something is wrong.
  expect(findings.filter(({ level, advice }) => /warning|problem/.test(level) && !advice)).toEqual([]);
  const of = (check: string): Finding => {
    const found = findings.find((one) => one.check === check);
    if (!found) {
      throw new Error(`Nothing was said of ${check}:\n${stdout}`);
    }
    return found;
  };
  return { code, findings, output: stdout, of };
}

const behind = async (meddling: Meddling, ...args: string[]) => {
  const proxy = await meddlingProxy(store.url, meddling);
  try {
    return await examine(['--url', proxy.url, ...args]);
  } finally {
    await proxy.stop();
  }
};

async function projects(): Promise<unknown> {
  const answer = await fetch(`${store.url}/api/v1/projects`, { headers: { authorization: `Bearer ${WRITE}` } });
  return ((await answer.json()) as { projects: unknown }).projects;
}

it('all is well: each check is a line, and nothing is left behind', async () => {
  const { findings, code } = await examine(['--url', store.url, '--token', WRITE, '--data', store.data]);
  expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
  expect(code).toBe(0);
  const well = findings.filter(({ level }) => level === 'ok').map(({ check }) => check);
  const checks = ['Node', 'proxy', 'token', 'store', 'version', 'storage', 'clock', 'read', 'write', 'log'];
  expect(well).toEqual(expect.arrayContaining([...checks, 'read back', 'clean up', 'data']));
  expect(await projects()).toEqual([]);
  expect((await readdir(store.data)).filter((name) => name.includes('doctor'))).toEqual([]);

  const lines = await runProcess(process.execPath, [bin, 'doctor', '--url', store.url, '--token', WRITE], {
    cwd: folder,
  });
  expect(lines.stdout).toMatch(/^OK +Node /m);
  expect(lines.stdout).toMatch(/^- +grafana .+\n +→ Give --grafana/m);
  expect(lines.stdout).toMatch(/^0 problems, \d warnings$/m);
});

it.each([
  ['none', undefined, 'read', 'problem', 'wants a token'],
  ['wrong', 'nobody-knows-this', 'read', 'problem', 'does not know this token'],
  ['with the word of the header', `Bearer ${WRITE}`, 'token', 'problem', 'word of a header'],
  ['with a line end', `${WRITE}\n`, 'token', 'problem', 'white space'],
  ['in quotes', `"${WRITE}"`, 'token', 'problem', 'quotes'],
  ['with a letter that no header takes', 'tokén', 'token', 'problem', 'no header'],
  ['its hash', 'ab'.repeat(32), 'token', 'warning', 'SHA-256'],
  ['of a W&B client', apiKeyOf(WRITE), 'clean up', 'ok', 'nothing is left'],
  ['one that reads', READ, 'write', 'skipped', 'reads only'],
])('a token: %s', async (_, token, check, level, message) => {
  const { of, output } = await examine(['--url', store.url, ...(token === undefined ? [] : ['--token', token])]);
  expect(of(check)).toMatchObject({ level, message: expect.stringContaining(message) });
  // What is printed is pasted into chats.
  expect(output).not.toContain(token ?? READ);
  expect(await projects()).toEqual([]);
});

it('a proxy that takes the token away, refuses large bodies, keeps answers or has no store behind it', async () => {
  const stripped = await behind({ stripsToken: true }, '--token', WRITE);
  expect(stripped.of('read').message).toContain('takes the header Authorization away');
  const limited = await behind({ mostBytes: 1024 * 1024 }, '--token', WRITE);
  expect(limited.of('log')).toMatchObject({
    level: 'problem',
    advice: expect.stringContaining('client_max_body_size'),
  });
  expect(limited.of('clean up').level).toBe('ok');
  expect((await behind({ keeps: true }, '--token', READ)).of('clock').message).toContain('keeps answers');
  const dead = await meddlingProxy(`http://127.0.0.1:${await freePort()}`, {});
  expect((await examine(['--url', dead.url])).of('store').message).toContain('reaches no store');
  await dead.stop();
  expect(await projects()).toEqual([]);
});

it.each([
  [60_000, 'warning', 'ahead of'],
  [-600_000, 'problem', 'behind'],
])('clocks apart by %i ms', async (clock, level, message) => {
  const { of } = await behind({ clock }, '--token', READ);
  expect(of('clock')).toMatchObject({ level, message: expect.stringContaining(message) });
});

it('a wrong address: nobody there, no such name, another protocol, another server, a redirect', async () => {
  const port = await freePort();
  expect((await examine(['--url', `http://127.0.0.1:${port}`])).of('store')).toMatchObject({
    message: `Nothing listens on port ${port} of 127.0.0.1.`,
    advice: expect.stringContaining(`serve --port ${port}`),
  });
  expect((await examine(['--url', 'http://no-such-host.invalid:8900'])).of('store').message).toContain(
    'no machine by the name',
  );
  expect((await examine(['--url', store.url.replace('http:', 'https:')])).of('store').message).toContain(
    'does not speak https',
  );
  const other = createServer((request, response) => {
    const isLogin = request.headers.host?.startsWith('127');
    response.writeHead(302, { location: isLogin ? '/login' : `https://store.example.com${request.url}` }).end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port: taken } = other.address() as AddressInfo;
  expect((await examine(['--url', `http://127.0.0.1:${taken}`])).of('store').message).toContain('looks like Grafana');
  expect((await examine(['--url', `http://localhost:${taken}`])).of('store').advice).toBe(
    'Use that address: --url https://store.example.com',
  );
  other.close();
  const { code, stderr } = await runProcess(process.execPath, [bin, 'doctor', '--url', 'store:8900']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('begins with http://')]);
});

it('a proxy in the environment that the store is not excepted from', async () => {
  const args = ['--url', store.url, '--token', READ];
  const proxied = await examine(args, { HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '.corp' });
  expect(proxied.of('proxy')).toMatchObject({
    level: 'warning',
    advice: expect.stringContaining('NO_PROXY=.corp,127.0.0.1'),
  });
  expect((await examine(args, { http_proxy: 'http://proxy:3128', no_proxy: 'x, 127.0.0.1' })).of('proxy').level).toBe(
    'ok',
  );
});

it.each([
  ['the one', LABEL, 'ok', 'may label'],
  ['one that reads', READ, 'problem', 'may not label'],
  ['one that nobody knows', 'nobody-knows-this', 'problem', 'Nobody labels with it'],
  ['with a line end', `${LABEL}\n`, 'problem', 'white space'],
])('a token to label with: %s', async (_, token, level, message) => {
  const { of, output } = await examine(['--url', store.url, '--token', READ, '--label-token', token]);
  expect(of('label token')).toMatchObject({ level, message: expect.stringContaining(message) });
  expect(output).not.toContain(token);
});

it('a data folder that is a file, and one that is not there yet', async () => {
  const args = ['--url', store.url, '--token', READ, '--data'];
  expect((await examine([...args, bin])).of('data').message).toContain('is a file');
  const missing = join(folder, 'not/yet');
  expect((await examine([...args, missing])).of('data').message).toContain('can be made');
  expect(await readdir(folder)).not.toContain('not');
});

it('what Grafana sees: plugin, data sources, and tokens that are wrong or may too much', async () => {
  const type = 'rolloscope-runs-datasource';
  const source = (uid: string, url: string, token: string, labelToken?: string) => ({
    ...{ uid, name: uid, type, url },
    jsonData: { httpHeaderName1: 'Authorization', labels: labelToken !== undefined },
    secureJsonData: { httpHeaderValue1: `Bearer ${token}`, ...(labelToken !== undefined && { labelToken }) },
  });
  const gone = `http://127.0.0.1:${await freePort()}`;
  const sources = [
    source('good', store.url, READ),
    source('mighty', store.url, WRITE),
    source('wrong', store.url, 'x'),
    source('gone', gone, READ),
    source('labels', store.url, READ, LABEL),
    source('mislabels', store.url, READ, 'another'),
    source('no label', store.url, READ, READ),
  ];
  const previews: FastifyInstance[] = [];
  const listen = async (...options: Parameters<typeof createPreview>) => {
    const preview = await createPreview(...options);
    previews.push(preview);
    return preview.listen({ host: '127.0.0.1', port: 0 });
  };
  try {
    const args = ['--url', store.url, '--token', READ, '--grafana'];
    const seen = await examine([...args, await listen({ dataSources: sources })]);
    expect(seen.of('plugin').level).toBe('ok');
    expect(seen.of('data source good').level).toBe('ok');
    expect(seen.of('data source mighty')).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('can delete runs'),
    });
    expect(seen.of('data source wrong')).toMatchObject({
      level: 'problem',
      advice: expect.stringContaining('read token'),
    });
    expect(seen.of('data source gone')).toMatchObject({
      level: 'problem',
      advice: expect.stringContaining('container'),
    });
    expect(seen.of('labels of good').level).toBe('skipped');
    expect(seen.of('labels of labels').level).toBe('ok');
    expect(seen.of('labels of mislabels')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('does not know its label token'),
    });
    expect(seen.of('labels of no label')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('Nobody labels'),
    });
    const bare = await examine([...args, await listen({ dataSources: [], dist: folder })]);
    expect(bare.of('plugin')).toMatchObject({ level: 'problem', message: expect.stringContaining('not installed') });
    expect(bare.of('data source').level).toBe('problem');
    expect((await examine([...args, store.url])).of('grafana').message).toContain('is no Grafana');
    expect((await examine([...args, gone])).of('grafana').message).toContain('Nothing listens');
  } finally {
    await Promise.all(previews.map((preview) => preview.close()));
  }
});

// As Grafana 12.4 answers a made-up token, and one whose role may not see plugins or data sources.
it.each([
  [401, 'Grafana does not know this token'],
  [403, 'Grafana does not let this token look'],
])('a token that Grafana answers with %i', async (status, message) => {
  const grafana = createServer(({ url }, response) => {
    response.writeHead(url === '/api/health' ? 200 : status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(url === '/api/health' ? { version: '12.4.0' } : { message: 'Unauthorized' }));
  });
  await new Promise<void>((resolve) => grafana.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(grafana.address() as AddressInfo).port}`;
  try {
    const seen = await examine(['--url', store.url, '--grafana', address, '--grafana-token', 'glsa_x']);
    expect(seen.findings.filter(({ check }) => check === 'grafana').at(-1)).toMatchObject({
      level: 'problem',
      message: expect.stringContaining(message),
    });
  } finally {
    grafana.close();
  }
});
