import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitTo, createPoints, createRows, createRun } from '../conformance/changes';
import { engineConformance } from '../conformance/engineConformance';
import { Database } from './Database';
import { HELD_PART, LAST_BYTES, RESERVE, RESERVE_BYTES } from './DiskRoom';
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

/** Those of the steps 0 to 9 at which the run `a` has logged. */
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
  await commitTo(engine, [createPoints('a', [2]), createRows('a', ['x'])]);
  expect(await loggedSteps(engine)).toEqual([1, 2]);
  await engine.close();
});

it('folds its log in, and opens at once', async () => {
  const engine = await DuckDbEngine.open(folder);
  await commitTo(engine, [{ kind: 'run', run: createRun('a') }, createRows('a', Array(500).fill('x'.repeat(2_000)))]);
  expect((await engine.size()).log).toBeGreaterThan(100_000);
  await engine.checkpoint();
  expect((await engine.size()).log).toBeLessThan(1_000);
  await engine.close();
});

describe('a full disk', () => {
  const MB = 2 ** 20;
  let free: number;
  let looks = 0;
  let engine: DuckDbEngine;
  const open = async () => {
    const readFree = async () => {
      looks++;
      return free;
    };
    engine = await DuckDbEngine.open(folder, { readFree });
  };
  beforeEach(async () => {
    free = 3_000 * MB;
    await open();
    await engine.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [1])]);
    await engine.commit([{ kind: 'run', run: createRun('b') }, createPoints('b', [1])]);
  });
  afterEach(() => engine.close());

  it('nothing is written, runs can be deleted, and it goes on when there is room', async () => {
    free = 60 * MB;
    const position = await engine.position();
    const refusal = { code: 'disk_full', message: expect.stringMatching(/60 MB are free.* below 68 MB.*Delete runs/) };
    await expect(engine.commit([createPoints('a', [2])])).rejects.toMatchObject(refusal);
    await expect(engine.commit([{ kind: 'run', run: createRun('a') }])).rejects.toMatchObject(refusal);
    expect(await engine.position()).toBe(position);
    expect((await engine.size()).trouble).toMatch(/60 MB are free/);
    await engine.commit([{ kind: 'delete', run: 'b' }]);
    free = 70 * MB;
    expect((await engine.size()).trouble).toBeUndefined();
    await engine.commit([createPoints('a', [3])]);
    expect(await loggedSteps(engine)).toEqual([1, 3]);
    expect((await engine.loadRuns()).map(({ id }) => id)).toEqual(['a']);
  });

  it('is looked for before every commit; where there is plenty of room not at each of many in a moment', async () => {
    const looksOf = async (commits: number) => {
      looks = 0;
      for (let i = 0; i < commits; i++) {
        await engine.commit([createPoints('a', [i + 2])]);
      }
      return looks;
    };
    const scarce = await looksOf(20);
    expect(scarce).toBeGreaterThanOrEqual(20);
    free = 10_000 * MB;
    expect(await looksOf(20)).toBeLessThan(scarce);
  });

  it('files leave what the log needs', async () => {
    free = 100 * MB;
    await engine.requireRoom(30 * MB);
    await expect(engine.requireRoom(33 * MB)).rejects.toMatchObject({ code: 'disk_full' });
  });

  it('part of the reserve is held in a file while the disk is scarce, and let go of for a delete', async () => {
    await engine.keepRoom();
    expect(await readdir(folder)).not.toContain(RESERVE);
    free = 500 * MB;
    await engine.keepRoom();
    expect((await stat(join(folder, RESERVE))).size).toBe(RESERVE_BYTES * HELD_PART);
    // What is held counts as free for the store.
    free = 21 * MB;
    await engine.commit([createPoints('a', [2])]);
    free = 19 * MB;
    await expect(engine.commit([createPoints('a', [3])])).rejects.toMatchObject({ code: 'disk_full' });
    await engine.close();
    await open();
    free = 70 * MB;
    await engine.commit([{ kind: 'delete', run: 'a' }]);
    expect(await readdir(folder)).toContain(RESERVE);
    free = 0;
    await engine.commit([{ kind: 'delete', run: 'b' }]);
    expect(await readdir(folder)).not.toContain(RESERVE);
  });

  it('what folds the log in leaves the last of what is held for deletes', async () => {
    free = 500 * MB;
    await engine.keepRoom();
    free = 0;
    await engine.checkpoint();
    expect((await stat(join(folder, RESERVE))).size).toBe(LAST_BYTES);
    await engine.checkpoint();
    await engine.keepRoom();
    expect((await stat(join(folder, RESERVE))).size).toBe(LAST_BYTES);
    await engine.commit([{ kind: 'delete', run: 'a' }]);
    expect(await readdir(folder)).not.toContain(RESERVE);
  });

  it('free blocks of the file are room, once runs are gone whose rows lay between those of others', async () => {
    const noise = () => Array.from({ length: 40 }, () => Math.random().toString(36)).join('');
    const rows = () => Array.from({ length: 2_000 }, noise);
    for (let i = 0; i < 8; i++) {
      await commitTo(engine, [createRows('a', rows()), createRows('b', rows())]);
    }
    await engine.checkpoint();
    // With less than twice the file free, rows are written together in small steps.
    free = 90 * MB;
    await engine.commit([{ kind: 'delete', run: 'b' }]);
    const texts = async () =>
      engine.countRows({ scopes: [{ run: 'a' }], table: 't', latest: false, position: await engine.position() });
    const before = await texts();
    for (let tries = 0; tries < 50 && (await engine.checkpoint()); tries++);
    expect(await texts()).toBe(before);
    free = 62 * MB;
    await engine.commit([createPoints('a', [2])]);
    free = 3 * MB;
    await expect(engine.commit([createPoints('a', [3])])).rejects.toMatchObject({ code: 'disk_full' });
  });
});

it('a file that cannot be opened again is tried until it can, and everything says why meanwhile', async () => {
  const engine = await DuckDbEngine.open(folder, { patience: 0 });
  await engine.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [1])]);
  const { database } = engine as unknown as { database: Database };
  const [file, away] = [join(folder, 'runs.duckdb'), join(folder, 'away')];
  const isWaiting = database.reopen(async () => {
    await rename(file, away);
    await mkdir(file);
  });
  const read = database.read('SELECT 1');
  await expect(isWaiting).rejects.toMatchObject({ message: expect.stringMatching(/cannot open it again/) });
  await read.catch(() => undefined);
  expect(engine.isOpen).toBe(false);
  expect((await engine.size()).trouble).toMatch(/cannot open it again/);
  for (const work of [
    () => engine.commit([createPoints('a', [2])]),
    () => engine.commit([{ kind: 'delete', run: 'a' }]),
    () => database.read('SELECT 1'),
    () => engine.adapterState('a'),
    () => engine.checkpoint(),
    () => engine.openAgain(),
  ]) {
    await expect(work()).rejects.toMatchObject({ message: expect.stringMatching(/cannot open it again/) });
  }
  await rm(file, { recursive: true });
  await rename(away, file);
  await engine.openAgain();
  expect((await engine.size()).trouble).toBeUndefined();
  await engine.commit([createPoints('a', [3])]);
  expect(await loggedSteps(engine)).toEqual([1, 3]);
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
