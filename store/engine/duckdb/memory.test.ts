import { randomBytes } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commitTo, createPoints, createRows, createRun } from '../conformance/changes';
import { Database } from './Database';
import { DuckDbEngine } from './DuckDbEngine';
import { spillLimit } from './spill';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-memory-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const texts = (count: number, chars: number) =>
  Array.from({ length: count }, () => randomBytes(chars / 2).toString('hex'));
const all = async (engine: DuckDbEngine) => ({
  scopes: [{ run: 'a' }],
  table: 't',
  latest: false,
  position: await engine.position(),
});

it('refuses by name what is beyond its memory, loses nothing that it took, and goes on', async () => {
  // Too little for most of what follows.
  const engine = await DuckDbEngine.open(folder, { cache: 16 * 2 ** 20 });
  await engine.commit([{ kind: 'run', run: createRun('a') }]);
  let stored = 0;
  const codes = new Set<string>();
  const note = (error: { code?: string }) => codes.add(error.code ?? String(error));
  for (let step = 1; step <= 7; step++) {
    const rows = step % 2 === 0 ? 20 : 2_000;
    await commitTo(engine, [createRows('a', texts(rows, 6_000)), createPoints('a', [step])]).then(() => {
      stored += rows;
    }, note);
    if (step === 4) {
      await engine.checkpoint().catch(note);
    }
  }
  const page = { columns: ['text'], orderBy: [{ column: 'text', direction: 'desc' as const }], offset: 0, limit: 10 };
  await engine.rows(await all(engine), page).catch(note);
  expect([...codes]).toEqual(['out_of_memory']);
  expect(stored).toBeGreaterThan(0);
  await commitTo(engine, [createRows('a', ['small'])]);
  expect(await engine.countRows(await all(engine))).toBe(stored + 1);
  await engine.close();
  const again = await DuckDbEngine.open(folder);
  expect(await again.countRows(await all(again))).toBe(stored + 1);
  await again.close();
});

it('reads a log that needs more memory than the database has', async () => {
  const engine = await DuckDbEngine.open(join(folder, 'living'));
  await engine.commit([{ kind: 'run', run: createRun('a') }]);
  for (let step = 0; step < 10; step++) {
    await commitTo(engine, [createRows('a', texts(2_000, 4_000))]);
  }
  // As a process leaves it that is killed.
  cpSync(join(folder, 'living'), join(folder, 'killed'), { recursive: true });
  await engine.close();
  const again = await DuckDbEngine.open(join(folder, 'killed'), { cache: 24 * 2 ** 20 });
  expect(await again.countRows(await all(again))).toBe(20_000);
  await again.checkpoint();
  await again.close();
});

it('spills beside its file, within a bound, and removes what a killed process left there', async () => {
  const left = join(folder, 'runs.duckdb.tmp', 'left');
  await mkdir(left, { recursive: true });
  await writeFile(join(left, 'duckdb_temp_storage_DEFAULT-0.tmp'), 'spilled');
  const database = await Database.open(folder, { cache: 128 * 2 ** 20 });
  expect(existsSync(left)).toBe(false);
  const setting = async (name: string) =>
    (await database.read(`SELECT current_setting('${name}')`)).at<string>(0)[0] ?? '';
  const spill = await setting('temp_directory');
  expect(dirname(spill)).toBe(join(folder, 'runs.duckdb.tmp'));
  expect(await setting('max_temp_directory_size')).toMatch(/\d/);
  // More text than it has memory, in order.
  const sorted = await database.read(
    `WITH matching AS MATERIALIZED (SELECT range AS row, repeat(md5(range::VARCHAR), 8) AS t FROM range(600000))
     SELECT row::DOUBLE FROM matching ORDER BY t, row LIMIT 10 OFFSET 300000`,
  );
  expect(sorted.count).toBe(10);
  await database.close();
  expect(existsSync(dirname(spill))).toBe(false);
  expect(existsSync('.tmp')).toBe(false);
});

it('leaves half of the free disk beyond the reserve to what is logged', () => {
  expect([spillLimit(1_000, 200), spillLimit(100, 200)]).toEqual([400, 0]);
});

const wide = (table: string) => {
  const columns = Array.from({ length: 400 }, (_, i) => ({
    name: `c${i}`,
    type: 'string' as const,
    origin: 'logged' as const,
  }));
  return { ...createRows('a', ['x']), table, columns, cells: columns.map(() => ['x']) };
};

it('takes little memory for a row of hundreds of columns, until the next checkpoint', async () => {
  const engine = await DuckDbEngine.open(folder);
  await commitTo(engine, [{ kind: 'run', run: createRun('a') }, wide('t')]);
  const { database } = engine as unknown as { database: Database };
  const held = await database.lookUp('SELECT sum(memory_usage_bytes)::DOUBLE / 1048576 FROM duckdb_memory()');
  expect(held.at<number>(0)[0]).toBeLessThan(100);
  await engine.close();
});

it('refuses nothing for want of memory that folding the log in lets go of', async () => {
  const engine = await DuckDbEngine.open(folder, { cache: 96 * 2 ** 20 });
  await engine.commit([{ kind: 'run', run: createRun('a') }]);
  for (let i = 0; i < 20; i++) {
    await commitTo(engine, [wide(`t${i}`)]);
  }
  expect(await engine.countRows({ ...(await all(engine)), table: 't19' })).toBe(1);
  await engine.close();
});

it('goes on with a file of larger blocks, that an earlier version made', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`ATTACH '${join(folder, 'runs.duckdb')}' AS store (ROW_GROUP_SIZE 4096)`);
  connection.closeSync();
  instance.closeSync();
  const engine = await DuckDbEngine.open(folder);
  await commitTo(engine, [{ kind: 'run', run: createRun('a') }, createRows('a', ['x'])]);
  await engine.close();
  const again = await DuckDbEngine.open(folder);
  expect(await again.countRows(await all(again))).toBe(1);
  const { database } = again as unknown as { database: Database };
  expect((await database.blocks())?.bytes).toBe(262_144);
  await again.close();
});

it('lets go of what it cached when nobody asks, and reads and writes as before', async () => {
  const engine = await DuckDbEngine.open(folder, { restAfter: 0, cache: 128 * 2 ** 20 });
  await engine.commit([{ kind: 'run', run: createRun('a') }]);
  for (let step = 0; step < 8; step++) {
    await commitTo(engine, [createRows('a', texts(2_000, 4_000))]);
  }
  await engine.checkpoint();
  const search = { ...(await all(engine)), search: { text: 'no such text', mode: 'plain' as const } };
  expect(await engine.countRows(search)).toBe(0);
  const cached = async () => {
    const database = Reflect.get(engine, 'database') as Database;
    const sums = await database.lookUp(
      `SELECT (sum(memory_usage_bytes))::DOUBLE FROM duckdb_memory()
       UNION ALL SELECT (value = '128.0 MiB')::DOUBLE FROM duckdb_settings() WHERE name = 'memory_limit'`,
    );
    return sums.at<number>(0);
  };
  const [before = 0] = await cached();
  expect(before).toBeGreaterThan(30 * 2 ** 20);
  await engine.keepRoom();
  const [after = 0, isRestored] = await cached();
  expect(isRestored).toBe(1);
  expect(after).toBeLessThan(20 * 2 ** 20);
  await commitTo(engine, [createRows('a', ['small'])]);
  expect(await engine.countRows(await all(engine))).toBe(16_001);
  await engine.close();
});
