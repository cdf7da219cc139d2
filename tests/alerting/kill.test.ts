import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';

const KILLS = 8;
const METRIC = 'eval/math/accuracy/mean';
let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'rolloscope-alert-kill-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

async function send(store: StartedStore, method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.text()).toBe(200);
}

async function alerts(store: StartedStore): Promise<string[]> {
  const answer = await fetch(`${store.url}/api/v1/events?types=regression,recovery`);
  return ((await answer.json()) as { events: Array<{ id: string }> }).events.map(({ id }) => id);
}

/** Falls and recovers again and again: a regression at the second low eval, a recovery at the third high one. */
const PERIOD = 10;
const LOW = 3;
const accuracyAt = (i: number) => (i % PERIOD < PERIOD - LOW ? 0.7 : 0.3);
const ofRun = (n: number) => {
  const value = accuracyAt(n);
  let length = 1;
  while (n >= length && accuracyAt(n - length) === value) {
    length++;
  }
  return length;
};

it(`in ${KILLS} kills no regression and no recovery is lost, and none is told twice`, {
  timeout: 120_000,
}, async () => {
  let i = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const store = await startStore({ data });
    await send(store, 'PUT', '/runs/a', { project: 'p', config: { eval: { prompts: 200 } } });
    const until = i + 5;
    for (; i < until; i++) {
      await send(store, 'POST', '/runs/a/log', {
        batchId: `b${i}`,
        entries: [{ step: i * 10, metrics: { [METRIC]: accuracyAt(i) } }],
      });
    }
    // At once, or after the event may have been written.
    await new Promise((resolve) => setTimeout(resolve, kill * 5));
    await store.kill();
  }
  const expected: string[] = [];
  for (let n = 4; n < i; n++) {
    const isLow = accuracyAt(n) < 0.5;
    if (ofRun(n) === (isLow ? 2 : 3) && (isLow || n > PERIOD)) {
      expected.push(`${isLow ? '' : 'recovery:'}regression:${METRIC}:${n * 10}`);
    }
  }
  expect(expected.length).toBeGreaterThan(4);
  const store = await startStore({ data });
  await expect.poll(() => alerts(store)).toEqual(expected);
  await store.stop();
});
