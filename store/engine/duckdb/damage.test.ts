import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commitTo, createPoints, createRows, createRun } from '../conformance/changes';
import { Database } from './Database';
import { DuckDbEngine } from './DuckDbEngine';
import { PromisedFile } from './PromisedFile';

/* Folders as a process leaves them that is killed: copied while the store has them open, between two commits. */

const root = mkdtempSync(join(tmpdir(), 'rolloscope-damage-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** With the first commits in the database's file and the later ones in its log. */
const killed = join(root, 'killed');
/** The same a checkpoint earlier, and another store's. */
const earlier = join(root, 'earlier');
const other = join(root, 'other');
/** Everything folded in, as after a clean stop. */
const stopped = join(root, 'stopped');
const STEPS = 60;

async function makeStore(name: string): Promise<DuckDbEngine> {
  const engine = await DuckDbEngine.open(join(root, name));
  await commitTo(engine, [{ kind: 'run', run: createRun('a') }, createRows('a', Array(200).fill('text '.repeat(300)))]);
  await engine.checkpoint();
  return engine;
}
async function logSteps(engine: DuckDbEngine, from: number, to: number): Promise<void> {
  for (let step = from; step < to; step++) {
    await commitTo(engine, [createPoints('a', [step]), createRows('a', [`row ${step}`])]);
  }
}

beforeAll(async () => {
  const engine = await makeStore('living');
  await logSteps(engine, 0, 20);
  cpSync(join(root, 'living'), earlier, { recursive: true });
  await engine.checkpoint();
  await logSteps(engine, 20, STEPS);
  // The last commit is one that has neither points nor rows.
  await engine.commit([{ kind: 'adapterState', run: 'a', key: 'k', value: 'last' }]);
  cpSync(join(root, 'living'), killed, { recursive: true });
  await engine.close();
  cpSync(join(root, 'living'), stopped, { recursive: true });
  const foreign = await makeStore('foreign');
  await logSteps(foreign, 0, STEPS + 9);
  cpSync(join(root, 'foreign'), other, { recursive: true });
  await foreign.close();
});

let folder: string;
let n = 0;
beforeEach(() => {
  folder = join(root, `case-${n++}`);
});
const file = () => join(folder, 'runs.duckdb');
const log = () => `${file()}.wal`;
const promised = () => join(folder, 'promised');
const half = (path: string) => truncateSync(path, statSync(path).size >> 1);
const change = (path: string, edit: (bytes: Buffer) => unknown) => {
  const bytes = readFileSync(path);
  edit(bytes);
  writeFileSync(path, bytes);
};
/** What is in each file; DuckDB removes a log that is empty. */
const bytesOf = () =>
  readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile() && statSync(join(folder, name)).size > 0)
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    )
    .sort();

async function stepsOf(engine: DuckDbEngine): Promise<(number | null)[]> {
  const query = { scopes: [{ run: 'a' }], metrics: ['loss'], everyAttempt: false, position: await engine.position() };
  const { series } = await engine.series({ ...query, x: 'step', maxPoints: 10_000, reduce: 'none' });
  return series[0]?.step ?? [];
}

async function expectWhole(): Promise<void> {
  const engine = await DuckDbEngine.open(folder);
  expect(await stepsOf(engine)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
  expect(await engine.adapterState('a')).toEqual(new Map([['k', 'last']]));
  // What is written now is there the next time, too.
  await logSteps(engine, STEPS, STEPS + 3);
  const copy = `${folder}-again`;
  cpSync(folder, copy, { recursive: true });
  await engine.close();
  const again = await DuckDbEngine.open(copy);
  expect(await stepsOf(again)).toHaveLength(STEPS + 3);
  await again.close();
}

describe('a store that was killed opens with all that was acknowledged', () => {
  it.each<[string, () => void]>([
    ['as it was', () => {}],
    [
      'with a commit at the end of its log that was cut off',
      () => appendFileSync(log(), readFileSync(log()).subarray(-300, -40)),
    ],
    ['with zeros at the end of its log, as after a loss of power', () => appendFileSync(log(), Buffer.alloc(700))],
    ['with anything at the end of its log', () => appendFileSync(log(), randomBytes(5_000))],
    ['with a promise that is older', () => copyFileSync(join(killed, '..', 'promised-before'), promised())],
    ['with one slot of the promise torn', () => change(promised(), (bytes) => bytes.fill('x', 512, 700))],
    ['without a promise, as one of an earlier version', () => rmSync(promised())],
    ['with the rest of a rewriting that was cut off', () => writeFileSync(`${file()}.rewrite`, randomBytes(9_000))],
  ])('%s', async (name, edit) => {
    cpSync(killed, folder, { recursive: true });
    if (name.includes('older')) {
      const before = await PromisedFile.read(promised());
      const later = PromisedFile.create(join(root, 'promised-before'), { ...before, position: 5, log: 2_000 } as never);
      later.close();
    }
    edit();
    await expectWhole();
  });

  it('while its file was being changed', async () => {
    for (const from of [killed, stopped]) {
      folder = join(root, `changing-${from === killed}`);
      cpSync(from, folder, { recursive: true });
      const before = await PromisedFile.read(promised());
      PromisedFile.create(promised(), { ...before, fileHead: null } as never).close();
      await expectWhole();
    }
  });

  it('with a log of tens of thousands of rows', async () => {
    const living = mkdtempSync(join(root, 'much-'));
    const engine = await DuckDbEngine.open(living);
    await engine.commit([{ kind: 'run', run: createRun('a') }]);
    for (let i = 0; i < 4; i++) {
      const texts = Array.from({ length: 9_000 }, () => randomBytes(150).toString('base64'));
      await commitTo(engine, [createRows('a', texts), createPoints('a', [i])]);
    }
    cpSync(living, folder, { recursive: true });
    await engine.close();
    const again = await DuckDbEngine.open(folder);
    expect(await stepsOf(again)).toEqual([0, 1, 2, 3]);
    await again.close();
  });

  it('while it was made for the first time', async () => {
    for (const bytes of [0, 100, 5_000]) {
      folder = mkdtempSync(join(root, 'begun-'));
      writeFileSync(file(), Buffer.alloc(bytes));
      const engine = await DuckDbEngine.open(folder);
      await engine.commit([{ kind: 'run', run: createRun('a') }]);
      await engine.close();
    }
  });
});

describe('a folder that lacks what was acknowledged is refused, and left as it is', () => {
  const refused = async (message: RegExp) => {
    const before = bytesOf();
    const opening = DuckDbEngine.open(folder);
    await expect(opening).rejects.toMatchObject({ code: 'data_damaged', message: expect.stringMatching(message) });
    const said = await opening.then(
      () => '',
      (error: Error) => error.message,
    );
    expect(said).toMatch(new RegExp(`recover NEW_FOLDER --data ${folder}$`));
    expect(said).not.toMatch(/\n/);
    expect(bytesOf()).toEqual(before);
  };

  it.each<[string, () => void, RegExp]>([
    ['no log', () => rmSync(log()), /wal.* is missing, damaged or another store's/],
    ['a log of no bytes', () => truncateSync(log(), 0), /wal.* is missing, damaged or another store's/],
    ['a log of random bytes', () => writeFileSync(log(), randomBytes(20_000)), /wal.* is missing, damaged or another/],
    ['a log of zeros', () => writeFileSync(log(), Buffer.alloc(20_000)), /wal.* is missing, damaged or another/],
    ['half a log', () => half(log()), /wal lacks commits that were acknowledged: it ends at \d+, they at \d+/],
    ['a log without its last bytes', () => truncateSync(log(), statSync(log()).size - 3), /wal lacks commits/],
    ['a log whose end is random', () => change(log(), (b) => randomBytes(b.length).copy(b, 6_000, 6_000)), /wal/],
    ['a log whose end is zeros', () => change(log(), (b) => b.fill(0, 6_000)), /wal.* is damaged/],
    [
      'a flipped bit in the log',
      () => change(log(), (b) => b.writeUInt8((b[b.length >> 1] ?? 0) ^ 1, b.length >> 1)),
      /wal/,
    ],
    ['a zeroed page in the log', () => change(log(), (b) => b.fill(0, 8_192, 12_288)), /wal.* is damaged/],
    ['the log of another store', () => copyFileSync(join(other, 'runs.duckdb.wal'), log()), /another store's/],
    ['the log of a checkpoint earlier', () => copyFileSync(join(earlier, 'runs.duckdb.wal'), log()), /another store's/],
    ['no database', () => rmSync(file()), /runs\.duckdb, which has the store's data, is missing or empty/],
    [
      'an empty database',
      () => truncateSync(file(), 0),
      /runs\.duckdb, which has the store's data, is missing or empty/,
    ],
    ['a database of 5,000 bytes', () => truncateSync(file(), 5_000), /is cut off/],
    ['half a database', () => half(file()), /runs\.duckdb is (damaged|cut off)/],
    [
      'a database without its last bytes',
      () => truncateSync(file(), statSync(file()).size - 9_000),
      /is cut off|damaged/,
    ],
    ['a database of random bytes', () => writeFileSync(file(), randomBytes(600_000)), /is damaged, or no database/],
    ['a zeroed header', () => change(file(), (b) => b.fill(0, 0, 4_096)), /is damaged, or no database/],
    ['a zeroed second header', () => change(file(), (b) => b.fill(0, 4_096, 8_192)), /is damaged/],
    [
      'an older database',
      () => copyFileSync(join(earlier, 'runs.duckdb'), file()),
      /not the file that this store wrote last/,
    ],
    ['the database of another store', () => copyFileSync(join(other, 'runs.duckdb'), file()), /another's/],
    [
      'database and log swapped',
      () => {
        renameSync(file(), `${file()}.x`);
        renameSync(log(), file());
        renameSync(`${file()}.x`, log());
      },
      /is damaged, or no database/,
    ],
    [
      'a promise that is damaged',
      () => writeFileSync(promised(), randomBytes(1_024)),
      /promised, which says .* is damaged/,
    ],
    ['an empty promise', () => truncateSync(promised(), 0), /promised, which says .* is damaged/],
  ])('%s', async (_, edit, message) => {
    cpSync(killed, folder, { recursive: true });
    edit();
    await refused(message);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'an older database',
      () => copyFileSync(join(earlier, 'runs.duckdb'), file()),
      /not the file that this store wrote/,
    ],
    ['half a database', () => half(file()), /is (damaged|cut off)/],
    ['no database', () => rmSync(file()), /is missing or empty/],
  ])('after a clean stop: %s', async (_, edit, message) => {
    cpSync(stopped, folder, { recursive: true });
    edit();
    await refused(message);
  });

  it('a log without its database, of a store of an earlier version', async () => {
    cpSync(killed, folder, { recursive: true });
    rmSync(promised());
    rmSync(file());
    await refused(/is missing or empty/);
  });
});

describe('a folder that this version cannot read says so in words', () => {
  it('a database of something else', async () => {
    folder = mkdtempSync(join(root, 'theirs-'));
    const instance = await DuckDBInstance.create(file());
    const connection = await instance.connect();
    await connection.run('CREATE TABLE customers (name VARCHAR)');
    connection.closeSync();
    instance.closeSync();
    const before = bytesOf().filter((line) => line.startsWith('runs'));
    await expect(DuckDbEngine.open(folder)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/not this store's: it has the tables customers\. Give another folder/),
    });
    expect(bytesOf().filter((line) => line.startsWith('runs'))).toEqual(before);
  });

  it.each([
    [
      'DROP TABLE peaks',
      'DELETE FROM migrations WHERE version > 1; CREATE TABLE peaks (x INTEGER)',
      /older layout \(1\), and could not be brought to layout 2: .*peaks.* It is as it was/,
    ],
    ['DROP TABLE places', '', /cannot be read by this version of the store: .*places/],
  ])('a layout that is not what it says: %s', async (drop, further, message) => {
    folder = mkdtempSync(join(root, 'layout-'));
    await (await DuckDbEngine.open(folder)).close();
    const database = await Database.open(folder);
    await database.writer.run(`${drop}; ${further}`);
    await database.checkpoint();
    database.close();
    await expect(DuckDbEngine.open(folder)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(message),
    });
  });
});
