import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';
import { heldOf } from './heldOf';
import { type RawRequest, rawRequest } from './rawRequest';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

/** 50 MB of text: far more than sockets hold by themselves. */
const ROWS = 1_000;
const CHARS = 50_000;
const CALLS = 5;
/** Milliseconds within which a taker is ended that takes nothing, or next to nothing; and room for a machine in use. */
const IDLE_MS = 30_000 + 60_000;

let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
  await store.call('PUT', '/api/v1/runs/r', { project: 'p' });
  for (let step = 0; step < CALLS; step++) {
    const rows = Array.from({ length: ROWS / CALLS }, (_, i) => [i, `${i} `.repeat(CHARS / 4).slice(0, CHARS)]);
    const entries = [{ step, tables: { t: { columns: ['n', 'text'], rows } } }];
    expect((await store.call('POST', '/api/v1/runs/r/log', { entries })).status).toBe(200);
  }
  await store.reset();
});
afterAll(() => store.stop());

const page = JSON.stringify({ runs: ['r'], table: 't', limit: ROWS });
const head = ['Content-Type: application/json', `Content-Length: ${page.length}`];
async function answers(): Promise<RawRequest[]> {
  const asked = await store.call('POST', '/api/v1/export', { runs: ['r'], table: 't', format: 'jsonl' });
  const { path } = asked.json as { path: string };
  return [
    rawRequest(store.url, 'POST /api/v1/query/rows', head, page),
    rawRequest(store.url, `GET /api/v1${path}`, []),
  ];
}

it('who takes nothing of a large answer, or a byte a second, or goes away, keeps nobody waiting, and is ended', async () => {
  const stopped = await answers();
  const slow = await answers();
  const gone = await answers();
  for (const { socket } of [...stopped, ...slow, ...gone]) {
    socket.pause();
  }
  const drip = setInterval(() => {
    for (const { socket } of slow) {
      socket.read(1);
    }
  }, 1_000);
  await sleep(500);
  for (const { socket } of gone) {
    socket.destroy();
  }
  let taken = 0;
  const serving = setInterval(async () => {
    const { status } = await store.call('POST', '/api/v1/runs/r/log', { entries: [{ metrics: { m: 1 } }] });
    taken += status === 200 ? 1 : 0;
  }, 1_000);
  const ports = [...stopped, ...slow].map(({ socket }) => socket.localPort ?? 0);
  expect(heldOf(store.url, ports)).toHaveLength(4);
  await expect.poll(() => heldOf(store.url, ports), { timeout: IDLE_MS, interval: 1_000 }).toEqual([]);
  clearInterval(drip);
  clearInterval(serving);
  expect(taken).toBeGreaterThan(10);
  const whole = await store.call('POST', '/api/v1/query/rows', { runs: ['r'], table: 't', limit: ROWS });
  expect((whole.json as { rows: unknown[] }).rows).toHaveLength(ROWS);
  store.expectWell();
});
