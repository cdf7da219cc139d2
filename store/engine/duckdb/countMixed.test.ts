import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnType, Role } from '@rolloscope/contract/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commitTo, createRows, createRun } from '../conformance/changes';
import { DuckDbEngine } from './DuckDbEngine';

let directory: string;
let engine: DuckDbEngine;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rolloscope-mixed-'));
  engine = await DuckDbEngine.open(directory);
});
afterEach(async () => {
  await engine.close();
  rmSync(directory, { recursive: true });
});

/** What earlier versions wrote: a column of one call in one type, whatever is in it. */
const write = (name: string, type: ColumnType, cells: unknown[], role?: Role) =>
  commitTo(engine, [
    { kind: 'run', run: createRun('a') },
    createRows('a', [], {
      columns: [{ name, type, origin: 'logged', ...(role && { role }) }],
      cells: [cells],
      steps: cells.map(() => 1),
      times: cells.map(() => 1),
    }),
  ]);

async function columns(...names: string[]) {
  const query = { scopes: [{ run: 'a' }], table: 't', latest: false, position: await engine.position() };
  const page = await engine.rows(query, { columns: names, orderBy: [], offset: 0, limit: 100 });
  return {
    types: (await engine.tableColumns(['a'], 't')).map(({ name, type, role }) => [name, type, role]),
    rows: page.rows,
  };
}

it('reads what earlier versions wrote by the same rule, from when it is opened', async () => {
  await write('acc', 'json', [true, 0, 'False', null], 'correct');
  await write('reward', 'string', ['timeout']);
  await write('reward', 'number', [0.5], 'reward');
  await write('meta', 'json', [{ a: 1 }, [2]]);
  await write('seconds', 'json', [1.5, 2, 'none', 3, 1e-3]);
  await engine.close();
  engine = await DuckDbEngine.open(directory);
  const { types, rows } = await columns('acc', 'acc_text', 'reward', 'reward_text', 'seconds', 'seconds_text', 'meta');
  expect(types).toEqual([
    ['acc', 'number', 'correct'],
    ['acc_text', 'json', undefined],
    ['reward', 'number', 'reward'],
    ['reward_text', 'string', undefined],
    ['meta', 'json', undefined],
    ['seconds', 'number', undefined],
    ['seconds_text', 'json', undefined],
  ]);
  const none = [null, null, null, null, null, null, null];
  const line = (at: number, ...cells: unknown[]) => none.toSpliced(at, cells.length, ...(cells as null[]));
  expect(rows).toEqual([
    line(0, 1),
    line(0, 0),
    line(1, 'False'),
    none,
    line(3, 'timeout'),
    line(2, 0.5),
    line(6, { a: 1 }),
    line(6, [2]),
    line(4, 1.5),
    line(4, 2),
    line(5, 'none'),
    line(4, 3),
    line(4, 0.001),
  ]);
});

it('counts on as more comes, and the same after it was opened again', async () => {
  await write('x', 'string', ['a', 'nan']);
  for (const number of [1, 2, 3]) {
    await write('x', 'number', [number]);
  }
  const split = [
    ['x', 'number', undefined],
    ['x_text', 'string', undefined],
  ];
  const { types, rows } = await columns('x', 'x_text');
  expect([types, rows]).toEqual([
    split,
    [
      [null, 'a'],
      [Number.NaN, null],
      [1, null],
      [2, null],
      [3, null],
    ],
  ]);
  await write('x', 'string', ['b'.repeat(300)]);
  expect((await columns()).types).toEqual([['x', 'json', undefined]]);
  await engine.close();
  engine = await DuckDbEngine.open(directory);
  expect((await columns()).types).toEqual([['x', 'json', undefined]]);
  await write('x', 'number', [4, 5, 6, 7]);
  expect(await columns('x_text').then((now) => [now.types, now.rows[5]])).toEqual([split, ['b'.repeat(300)]]);
});
