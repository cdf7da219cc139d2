import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../clients/folders';
import { Moments, SEED } from './Moments';
import { Passers } from './Passers';
import { Trainer } from './Trainer';
import { type Ending, UnsteadyStore } from './UnsteadyStore';

/** How each of three stores is ended: 30 kills and 12 clean stops in all, at moments that are drawn. */
const STORES = 3;
const ENDINGS: Ending[] = [
  ...Array<Ending>(3).fill('working'),
  ...Array<Ending>(3).fill('starting'),
  'ready',
  'upkeep',
  'checkpoint',
  'stopping',
  'stopped',
  'stopped ready',
  'stopped at upkeep',
  'stopped starting',
];
const MOST_MS = 600;

describe(`stores that are killed and restarted (DRAW_SEED=${SEED})`, () => {
  const folders: string[] = [];
  beforeAll(async () => {
    for (let i = 0; i < STORES; i++) {
      folders.push(await makeFolder());
    }
  });
  afterAll(() => Promise.all(folders.map(removeFolder)));

  it('lose nothing that they answered and double nothing, whatever is sent again', { timeout: 600_000 }, async () => {
    const told = await Promise.all(folders.map((data, i) => endAgainAndAgain(data, new Moments(SEED + i))));
    process.stdout.write(`${told.join('\n')}\n`);
  });
});

async function endAgainAndAgain(data: string, moments: Moments): Promise<string> {
  const store = await UnsteadyStore.start(data, moments);
  const { url } = store;
  const trainers = ['a', 'b', 'c'].map((run, i) => new Trainer(url, run, new Moments(moments.between(0, 1e6) + i)));
  const passers = new Passers(url);
  const clients = [...trainers, passers];
  const work = Promise.all(clients.map((client) => client.work()));
  const endings = (async () => {
    for (const how of moments.shuffled(ENDINGS)) {
      await store.endAndStart(how, MOST_MS);
    }
    for (const client of clients) {
      client.end();
    }
  })();
  // Whichever fails first ends the test.
  await Promise.all([work, endings]);
  for (const client of clients) {
    await client.expectAllOnce();
  }
  await store.stop();
  expect(existsSync(join(data, 'runs.duckdb.wal'))).toBe(false);
  return `${store.describe()}; ${clients.map((client) => client.describe()).join('; ')}`;
}
