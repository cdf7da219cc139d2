import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';

let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
});
afterAll(() => store.stop());

it('a query string of thousands of fields, of one name or many, is read at once', async () => {
  const many = Array.from({ length: 6_000 }, (_, i) => `k${i}=v`).join('&');
  for (const query of ['a=b&'.repeat(15_000), '&'.repeat(60_000), many, '='.repeat(60_000), '%41'.repeat(20_000)]) {
    const answer = await store.call('GET', `/api/v1/runs?${query}`);
    expect([200, 400]).toContain(answer.status);
  }
  store.expectWell();
});
