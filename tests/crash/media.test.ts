import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMediaRef, LIMITS } from '@rolloscope/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataUrl, png } from '../../store/testing/mediaSamples';
import { makeFolder, removeFolder } from '../clients/folders';
import { runCommand } from '../clients/runCommand';
import { StoreUnderTest } from '../conformance/StoreUnderTest';
import { Moments, SEED } from './Moments';
import { UnsteadyStore } from './UnsteadyStore';

const KILLS = 6;
const MOST_MS = 400;
const imageOf = (i: number) => png(40, 40, i);

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

it(`has every image that a row names, whenever it is killed, and says what is missing (DRAW_SEED=${SEED})`, {
  timeout: 300_000,
}, async () => {
  const data = join(folder, 'data');
  const moments = new Moments(SEED);
  const unsteady = await UnsteadyStore.start(data, moments);
  const store = new StoreUnderTest(unsteady.url);
  await store.ask('putRun', { id: 'r', body: { project: 'p' } });

  // Each call has an image of its own, and one that they share; it is sent until it is answered.
  let isOver = false;
  let sent = 0;
  const send = async () => {
    while (!isOver) {
      const i = ++sent;
      const rows = [[i, dataUrl('image/png', imageOf(i)), dataUrl('image/png', imageOf(0))]];
      const body = {
        batchId: `b${i}`,
        entries: [{ step: i, tables: { t: { columns: ['i', 'own', 'shared'], rows } } }],
      };
      const isTaken = () =>
        store.ask('log', { id: 'r', body }).then(
          () => true,
          () => false,
        );
      while (!(await isTaken())) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const work = Promise.all(Array.from({ length: 4 }, send));
  for (let kill = 0; kill < KILLS; kill++) {
    await unsteady.endAndStart('working', MOST_MS);
  }
  isOver = true;
  await work;

  // More than the page that a query gets by itself, on a fast machine.
  const asked = { runs: ['r'], table: 't', columns: ['i', 'own', 'shared'], limit: LIMITS.pageRows };
  const { rows } = await store.ask('queryRows', { body: asked });
  expect(sent).toBeLessThan(LIMITS.pageRows);
  expect(rows.map(([i]) => Number(i)).sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
  const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  for (const [i, own, shared] of rows) {
    expect([isMediaRef(own) && own.media, isMediaRef(shared) && shared.media]).toEqual([
      hashOf(imageOf(Number(i))),
      hashOf(imageOf(0)),
    ]);
    const answer = await store.send('media', { id: hashOf(imageOf(Number(i))) });
    expect(Buffer.from(await answer.arrayBuffer()).equals(imageOf(Number(i)))).toBe(true);
  }
  await unsteady.stop();
  // Half-written ones, and those that nobody names, went at the starts.
  const files = join(data, 'media', 'files');
  expect(readdirSync(files).sort()).toEqual(Array.from({ length: sent + 1 }, (_, i) => hashOf(imageOf(i))).sort());
  const whole = await runCommand('check', '--data', data);
  expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining(`${(sent + 1).toLocaleString('en')} images`)]);

  await rm(join(files, hashOf(imageOf(1))));
  await appendFile(join(files, hashOf(imageOf(2))), 'x');
  const told = [`${hashOf(imageOf(1))} is missing`, `${hashOf(imageOf(2))} is not as it was kept`];
  const checked = await runCommand('check', '--data', data);
  expect([checked.code, ...told.filter((one) => !checked.stderr.includes(one))]).toEqual([1]);
  const saved = await runCommand('recover', '--data', data, join(folder, 'saved'));
  expect([saved.code, ...told.filter((one) => !saved.stderr.includes(one))]).toEqual([0]);
  expect(readdirSync(join(folder, 'saved', 'media', 'files'))).toHaveLength(sent);
});
