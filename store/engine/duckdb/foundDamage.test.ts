import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commitTo, createRows, createRun } from '../conformance/changes';
import { DuckDbEngine } from './DuckDbEngine';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-damage-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('damage that a read finds is told by that read, and from then on as the trouble of the store', async () => {
  const noise = () => Array.from({ length: 60 }, () => Math.random().toString(36)).join('');
  let engine = await DuckDbEngine.open(folder);
  await commitTo(engine, [{ kind: 'run', run: createRun('a') }, createRows('a', Array.from({ length: 8_000 }, noise))]);
  await engine.close();
  const path = join(folder, 'runs.duckdb');
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  // Texts fill nearly all of the file; what tells of them is at its ends.
  for (let at = size * 0.3; at < size * 0.6; at += 262_144) {
    await file.write(Buffer.alloc(64, 7), 0, 64, Math.floor(at));
  }
  await file.close();
  engine = await DuckDbEngine.open(folder);
  expect((await engine.size()).trouble).toBeUndefined();
  const { database } = engine as unknown as { database: { read(sql: string): Promise<unknown> } };
  await expect(database.read('SELECT sum(length(c1)) FROM texts_1')).rejects.toMatchObject({
    code: 'data_damaged',
    message: expect.stringMatching(/rolloscope-store check/),
  });
  expect((await engine.size()).trouble).toMatch(/data is damaged/);
  await engine.close();
});
