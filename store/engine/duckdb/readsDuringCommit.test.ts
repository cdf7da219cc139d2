import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CreatedRows, commitTo, createPoints, createRows, createRun } from '../conformance/changes';
import type { Change } from '../Engine';
import type { Database } from './Database';
import { DuckDbEngine } from './DuckDbEngine';

let folder: string;
let engine: DuckDbEngine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-reads-'));
  engine = await DuckDbEngine.open(folder);
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `look` when all of a commit is written, and nothing of it is durable yet. */
async function commitWhile(changes: ReadonlyArray<Change | CreatedRows>, look: () => Promise<void>, fails = false) {
  const { writer } = (engine as unknown as { database: Database }).database;
  const { run } = writer;
  let looked = 0;
  writer.run = async (sql, ...values) => {
    if (sql === 'COMMIT') {
      writer.run = run;
      looked++;
      await look();
      if (fails) {
        throw new Error('the commit fails');
      }
    }
    return run.call(writer, sql, ...values);
  };
  const committed = commitTo(engine, changes);
  await (fails ? expect(committed).rejects.toThrow('the commit fails') : committed);
  expect(looked).toBe(1);
}

const column = (name: string) => ({ columns: [{ name, type: 'string' as const, origin: 'logged' as const }] });
const columnsOf = async (table: string) => (await engine.tableColumns(['a'], table)).map(({ name }) => name);
const texts = async (table: string) => {
  const query = { scopes: [{ run: 'a' }], table, latest: false, position: await engine.position() };
  const page = await engine.rows(query, { columns: await columnsOf(table), orderBy: [], offset: 0, limit: 10 });
  return page.rows;
};
const tables = async () => (await engine.tableSummaries([{ run: 'a' }])).map(({ name, rows }) => [name, rows]);

it.each([false, true])(
  'reads see nothing of columns and tables that are being committed (it fails: %s)',
  async (fails) => {
    await commitTo(engine, [{ kind: 'run', run: createRun('a') }, createRows('a', ['x'])]);
    const changes = [
      createRows('a', ['y'], column('more')),
      createRows('a', ['z'], { ...column('other'), table: 'u' }),
      { kind: 'run' as const, run: createRun('b') },
      createPoints('b', [1], { metrics: ['fresh'] }),
    ];
    const before = async () => {
      expect(await columnsOf('t')).toEqual(['text']);
      expect(await columnsOf('u')).toEqual([]);
      expect(await texts('t')).toEqual([['x']]);
      expect(await tables()).toEqual([['t', 1]]);
      expect(await engine.reached()).toHaveLength(1);
      expect(await engine.bytesOfRuns()).toHaveLength(1);
      expect(await engine.rowById(99)).toBeUndefined();
    };
    await commitWhile(changes, before, fails);
    if (fails) {
      await before();
      await commitTo(engine, changes);
    }
    expect(await texts('t')).toEqual([
      ['x', null],
      [null, 'y'],
    ]);
    expect(await tables()).toEqual([
      ['t', 2],
      ['u', 1],
    ]);
    const latest = (await engine.latestPoints()).map(({ run, points }) => [run, ...points().keys()]);
    expect(latest).toEqual([['b', 'fresh']]);
  },
);

it('reads see a run until its delete is durable, and then the one that was made anew', async () => {
  await commitTo(engine, [{ kind: 'run', run: createRun('a') }, createRows('a', ['x']), createPoints('a', [1])]);
  const changes = [
    { kind: 'delete' as const, run: 'a' },
    { kind: 'run' as const, run: createRun('a') },
    createRows('a', ['new'], { table: 'u' }),
  ];
  const before = async () => {
    expect(await texts('t')).toEqual([['x']]);
    const newest = await engine.newestPoints([{ run: 'a', metric: 'loss', count: 9 }], await engine.position());
    expect(newest?.get('a')).toMatchObject([{ step: 1 }]);
  };
  await commitWhile(changes, before, true);
  await before();
  await commitWhile(changes, before);
  expect([await tables(), await texts('u')]).toEqual([[['u', 1]], [['new']]]);
});

it('a read goes on to its end while runs of it that went back are deleted', async () => {
  const spans = [{ attempt: 1, from: null, to: null }];
  await commitTo(
    engine,
    ['a', 'b'].flatMap((id) => [{ kind: 'run' as const, run: createRun(id) }, createRows(id, [id])]),
  );
  const scopes = [{ run: 'a', spans }, { run: 'b' }];
  await engine.commit([{ kind: 'delete', run: 'a' }]);
  expect(await engine.countRows({ scopes, table: 't', latest: false, position: await engine.position() })).toBe(1);
  await engine.commit([{ kind: 'delete', run: 'b' }]);
  expect(await engine.countRows({ scopes, table: 't', latest: true, position: await engine.position() })).toBe(0);
});
