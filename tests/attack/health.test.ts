import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';

let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
});
afterAll(() => store.stop());

it('is watched while it works: loop, memory and health', async () => {
  expect((await store.call('PUT', '/api/v1/runs/a', { project: 'p' })).status).toBe(200);
  const entries = Array.from({ length: 1_000 }, (_, step) => ({ step, metrics: { m: step } }));
  expect((await store.call('POST', '/api/v1/runs/a/log', { entries })).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { mostRss } = store.vitals();
  expect(mostRss).toBeGreaterThan(20 * 2 ** 20);
  store.expectWell();
});
