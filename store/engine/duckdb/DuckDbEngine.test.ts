import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPoints, createRows, createRun, engineConformance } from '../conformance';
import { Database } from './Database';
import { DuckDbEngine } from './DuckDbEngine';
import { migrate } from './migrate';
import { query } from './query';
import { MIGRATIONS } from './schema';

engineConformance('DuckDB', (folder) => DuckDbEngine.open(folder));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-duckdb-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Of the steps 0 to 9 those at which the run `a` has logged. */
async function loggedSteps(engine: DuckDbEngine): Promise<number[]> {
  const steps = Array.from({ length: 10 }, (_, step) => step);
  const found = await engine.loggedSteps([{ run: 'a', attempt: 1, metric: 'loss', steps }]);
  return [...(found.get('a')?.get('loss') ?? [])].sort();
}

it('brings an older store up to date, each migration whole or not at all', async () => {
  await DuckDbEngine.open(folder).then((engine) => engine.close());
  const database = await Database.open(folder);
  const next = "ALTER TABLE runs ADD COLUMN extra INTEGER; INSERT INTO runs VALUES (1, 'a', '{}', 7)";
  await migrate(database.writer, [...MIGRATIONS, next]);
  expect((await query(database.writer, 'SELECT extra FROM runs')).at(0)).toEqual([7]);
  const broken = 'CREATE TABLE half (x INTEGER); SELECT * FROM nowhere';
  await expect(migrate(database.writer, [...MIGRATIONS, next, broken])).rejects.toThrow(/nowhere/);
  expect((await query(database.writer, 'SELECT max(version) FROM migrations')).at(0)).toEqual([MIGRATIONS.length + 1]);
  await expect(query(database.writer, 'SELECT * FROM half')).rejects.toThrow(/half/);
  await database.close();
  await expect(DuckDbEngine.open(folder)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/newer store .*Upgrade/),
  });
});

it('goes on after a failed statement of the database', async () => {
  const engine = await DuckDbEngine.open(folder);
  await engine.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [1])]);
  await expect(engine.commit([createPoints('a', [Number.NaN])])).rejects.toThrow();
  await engine.commit([createPoints('a', [2]), createRows('a', ['x'])]);
  expect(await loggedSteps(engine)).toEqual([1, 2]);
  await engine.close();
});

it('folds its log in, and opens at once', async () => {
  const engine = await DuckDbEngine.open(folder);
  await engine.commit([{ kind: 'run', run: createRun('a') }, createRows('a', Array(500).fill('x'.repeat(2_000)))]);
  expect((await engine.size()).log).toBeGreaterThan(100_000);
  await engine.checkpoint();
  expect((await engine.size()).log).toBeLessThan(1_000);
  await engine.close();
});

it('writes nothing on a full disk, lets runs be deleted, and goes on when there is room', async () => {
  const engine = await DuckDbEngine.open(folder);
  await engine.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [1])]);
  await engine.commit([{ kind: 'run', run: createRun('b') }, createPoints('b', [1])]);
  // A disk cannot be filled here; what is replaced is its answer about what is free.
  const size = vi.spyOn(Database.prototype, 'size').mockResolvedValue({ bytes: 1e9, log: 1e6, freeBytes: 64e6 });
  const { position } = engine;
  await expect(engine.commit([createPoints('a', [2])])).rejects.toMatchObject({
    code: 'disk_full',
    message: expect.stringMatching(/62 MB are free, and nothing is written below 65 MB/),
  });
  expect(engine.position).toBe(position);
  await engine.commit([{ kind: 'delete', run: 'b' }]);
  size.mockRestore();
  await engine.commit([createPoints('a', [3])]);
  expect(await loggedSteps(engine)).toEqual([1, 3]);
  expect((await engine.loadRuns()).map(({ id }) => id)).toEqual(['a']);
  await engine.close();
});

it('opens its file again beneath reads and writes, as after a checkpoint that failed', async () => {
  const database = await Database.open(folder);
  await database.writer.run('CREATE TABLE t (x INTEGER)');
  for (let i = 0; i < 3; i++) {
    await database.writer.run(`INSERT INTO t VALUES (${i})`);
    const reads = Array.from({ length: 10 }, () => database.read('SELECT count(*)::INTEGER FROM t'));
    await database.reopen();
    for (const { at } of await Promise.all(reads)) {
      expect(at(0)).toEqual([i + 1]);
    }
  }
  await database.close();
});
