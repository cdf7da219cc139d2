import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';

vi.setConfig({ testTimeout: 300_000 });

/** 144 MB of text: several times what one export may hold. */
const ROWS = 12_000;
const CHARS = 12_000;
const ROWS_A_CALL = 1_000;
const EXPORTS = 8;
const NEW_LINE = 10;

let store: AttackedStore;
let seed = 1;
const random = () => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed;
};
/** As incompressible as text gets, and no two alike. */
const text = () => Array.from({ length: CHARS / 6 }, () => random().toString(36).padStart(6, '0').slice(0, 6)).join('');

beforeAll(async () => {
  store = await attackedStore();
  expect((await store.call('PUT', '/api/v1/runs/r', { project: 'p' })).status).toBe(200);
  for (let step = 0; step < ROWS / ROWS_A_CALL; step++) {
    const rows = Array.from({ length: ROWS_A_CALL }, () => [text(), random()]);
    const entries = [{ step, tables: { t: { columns: ['response', 'reward'], rows } } }];
    expect((await store.call('POST', '/api/v1/runs/r/log', { entries })).status).toBe(200);
  }
  await store.reset();
});
afterAll(() => store.stop());

/** Downloads an export as it comes, by one of two addresses, and drops it: how many lines it had. */
async function download(column: string, address: string, signal: AbortSignal): Promise<number> {
  const orderBy = [{ column, direction: 'desc' }];
  const asked = await store.call('POST', '/api/v1/export', { runs: ['r'], table: 't', format: 'jsonl', orderBy });
  const { path } = asked.json as { path: string };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${store.url}/api/v1${path}`, { localAddress: address, signal }, resolve).once('error', reject);
  });
  expect(answer.statusCode).toBe(200);
  let lines = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) {
      lines++;
    }
  }
  return lines;
}

it('exports in an order that lies everywhere, several at a time, within its memory', async () => {
  const before = store.vitals().mostRss;
  const signal = AbortSignal.timeout(240_000);
  const lines = await Promise.all(
    Array.from({ length: EXPORTS }, (_, i) => download('reward', `127.0.0.${1 + (i % 2)}`, signal)),
  );
  expect(lines).toEqual(Array(EXPORTS).fill(ROWS));
  const { mostRss } = store.vitals();
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  process.stdout.write(
    `${EXPORTS} exports took ${megabytes(mostRss - before)} MB beside ${megabytes(before)} MB before\n`,
  );
  store.expectWell();
});
