import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DRAW_SEED } from '../drawnSeed';
import { Attack } from './Attack';
import { type AttackedStore, attackedStore } from './attackedStore';
import { TOKENS, tokensFile } from './attackTokens';
import { ENDPOINTS } from './requests/endpoints';
import { seedAttacked } from './seedAttacked';

vi.setConfig({ testTimeout: 600_000 });

const REQUESTS = 10_000;

const { file, remove } = tokensFile();
let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore({ args: ['--tokens', file] });
  await seedAttacked(store, TOKENS.all);
  await store.reset();
});
afterAll(async () => {
  await store.stop();
  remove();
});

it(`answers ${REQUESTS} requests drawn for every route, seed ${DRAW_SEED}`, async () => {
  const attack = new Attack(store, { runs: REQUESTS, seed: DRAW_SEED, tokens: TOKENS });
  await attack.run();
  expect(attack.failures).toEqual([]);
  store.expectWell();
  // An attack that is refused everywhere shows little.
  const refusedOnly = ENDPOINTS.filter(({ name }) => name !== 'nowhere' && !attack.tallies.get(name)?.done);
  expect(refusedOnly.map(({ name }) => name)).toEqual([]);
});
