import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { apiKeyOf } from '../../store/http/apiKey';
import { Forwarder } from '../../store/wandb/Forwarder';
import { readRun } from '../clients/readRun';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { installClient, runClient } from './pythonClient';
import { NEWEST } from './versions';
import { tableValue, WireClient } from './WireClient';

vi.setConfig({ testTimeout: 180_000 });
const running: Array<() => Promise<unknown> | unknown> = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) {
    await stop();
  }
});

/** Answers every call with a status, or never. */
async function startDeaf(status?: number): Promise<string> {
  const server: Server = createServer((_request, response) => {
    if (status !== undefined) {
      response.writeHead(status).end('no');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function start(forward?: { url: string; key: string }): Promise<OurStore> {
  const store = await startOurs({ far: { scopes: ['read', 'write'], projects: ['*'] } }, forward && { forward });
  running.push(() => store.stop());
  return store;
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await check().catch(() => false)); waited += 100) {
    if (waited > 60_000) {
      throw new Error('It did not come about within 60 s.');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it('sends everything on to the other server, as the client logged it', async () => {
  const far = await start();
  const near = await start({ url: far.url, key: apiKeyOf('far') });
  await runClient('tables.py', { python: await installClient(NEWEST), url: near.url, token: 'far', args: ['both'] });
  const copy = readRun(far.url, 'both', 'far');
  await until(async () => (await copy.run()).state === 'finished');
  const original = readRun(near.url, 'both', 'far');
  for (const table of await original.tables()) {
    const columns = (await original.columns(table)).map(({ name }) => name).filter((name) => name !== 'duplicateOf');
    expect(await copy.rows(table, columns)).toEqual(await original.rows(table, columns));
  }
  expect((await copy.run()).resources).toEqual((await original.run()).resources);
  expect(near.logged.filter(({ event }) => event.startsWith('forward'))).toEqual([]);
}, 300_000);

it.each([
  ['away', undefined, 'http://127.0.0.1:9'],
  ['that never answers', undefined, undefined],
  ['that is at fault', 500, undefined],
  ['that refuses', 401, undefined],
])('a server %s delays and fails nobody', async (_, status, url) => {
  const near = await start({ url: url ?? (await startDeaf(status)), key: 'k' });
  const client = new WireClient(near.url, 'p', 'r', 'far');
  const began = performance.now();
  await client.begin();
  for (let i = 0; i < 20; i++) {
    await client.history(i, [{ _step: i, loss: i }]);
  }
  await client.history(20, [{ _step: 20, t: tableValue('media/table/t.table.json') }]);
  await client.uploadTable('media/table/t.table.json', ['x'], [[1]]);
  // Such a server answers in a minute at the earliest, or never.
  expect(performance.now() - began).toBeLessThan(30_000);
  expect(await readRun(near.url, 'r', 'far').points('loss')).toHaveLength(20);
  if (status !== undefined || url !== undefined) {
    await until(async () =>
      near.logged.some(({ event }) => event === (status === 401 ? 'forward_refused' : 'forward_waits')),
    );
  }
});

it('drops what does not fit, says so, and goes on', async () => {
  const logged: string[] = [];
  const far = await start();
  const forwarder = new Forwarder(
    { url: far.url, key: apiKeyOf('far') },
    ({ message }) => logged.push(String(message)),
    30_000,
  );
  running.push(() => forwarder.close());
  const run = { entity: undefined, project: 'p', name: 'r' };
  const query = 'mutation UpsertBucket { upsertBucket { inserted } }';
  forwarder.upsert(run, query, { name: 'r', project: 'p' });
  const line = (step: number) =>
    Buffer.from(
      JSON.stringify({
        files: { 'wandb-history.jsonl': { offset: step, content: [`{"_step": ${step}, "loss": 1}`] } },
      }),
    );
  for (let step = 0; step < 100; step++) {
    forwarder.stream(run, line(step), {});
  }
  const points = () => readRun(far.url, 'r', 'far').points('loss');
  await until(async () => (await points()).length > 5);
  await until(async () => logged.some((message) => /^\d+ calls of the run were not forwarded/.test(message)));
  expect(logged[0]).toMatch(/is not forwarded/);
  forwarder.stream(run, line(200), {});
  await until(async () => (await points()).at(-1)?.[0] === 200);
  expect((await points()).length).toBeLessThan(100);
});
