import { LIMITS } from '@rolloscope/contract';
import { expect, it } from 'vitest';
import type { TableRoom } from '../engine/EngineReads';
import type { TableColumn } from '../engine/TableColumn';
import { TableGrowth } from './TableGrowth';

const columns = (prefix: string, count: number): TableColumn[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i}`, type: 'number', origin: 'logged' }));
const NONE = new Map<string, TableColumn>();
/** A store that has so much, and none of the columns that are asked for. */
const growth = (has: Partial<TableRoom> = {}) => {
  const tables = new TableGrowth();
  const room = { tables: 0, tablesOfRun: 0, columns: 0, columnsOfAll: 0, has: () => false, ...has };
  return {
    add: (
      run: string,
      table: string,
      known: ReadonlyMap<string, TableColumn>,
      fresh: readonly TableColumn[],
      isAnew = false,
    ) => tables.add(run, table, known, fresh, room, isAnew),
  };
};
const refused = (add: () => void) => {
  try {
    add();
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
};

it('bounds the columns of a run’s table over all that it logs', () => {
  const known = new Map(columns('a', 400).map((column) => [column.name, column]));
  expect(refused(() => growth().add('r', 't', known, columns('b', 100)))).toBeUndefined();
  expect(refused(() => growth().add('r', 't', known, columns('b', 101)))).toMatch(/501 columns; the limit is 500/);
  const derived = columns('d', 6).map((column) => ({ ...column, origin: 'derived' as const }));
  expect(refused(() => growth().add('r', 't', known, [...columns('b', 100), ...derived]))).toBeUndefined();
});

it('bounds tables of a run, those of the same commit too', () => {
  const one = growth({ tablesOfRun: 198 });
  const add = (table: string) => refused(() => one.add('r', table, NONE, columns('a', 1)));
  expect([add('x'), add('y'), add('y')]).toEqual([undefined, undefined, undefined]);
  expect(add('z')).toMatch(/The run would have 201 tables; the limit is 200/);
  // What is there of a run that is made anew goes.
  expect(refused(() => growth({ tablesOfRun: 200 }).add('r', 'x', NONE, columns('a', 1), true))).toBeUndefined();
});

it('bounds tables of the store, and columns of a table, over all runs and calls of a commit', () => {
  const full = growth({ tables: LIMITS.tablesOfAllRuns - 1 });
  expect(refused(() => full.add('r', 'x', NONE, columns('a', 1)))).toBeUndefined();
  expect(refused(() => full.add('s', 'x', NONE, columns('a', 1)))).toBeUndefined();
  expect(refused(() => full.add('s', 'y', NONE, columns('a', 1)))).toMatch(/The store would have 2,001 tables/);
  const many = growth({ columnsOfAll: LIMITS.columnsOfAllTables - 300 });
  expect(refused(() => many.add('r', 'x', NONE, columns('a', 200)))).toBeUndefined();
  expect(refused(() => many.add('s', 'x', NONE, columns('a', 200)))).toBeUndefined();
  expect(refused(() => many.add('r', 'y', NONE, columns('a', 200)))).toMatch(/20,100 columns over all tables/);
  const wide = growth({ columns: LIMITS.columnsOfAllRuns - 300 });
  expect(refused(() => wide.add('r', 't', NONE, columns('a', 200)))).toBeUndefined();
  expect(refused(() => wide.add('s', 't', NONE, columns('a', 200)))).toBeUndefined();
  expect(refused(() => wide.add('s', 't', NONE, columns('b', 200)))).toContain(
    `${LIMITS.columnsOfAllRuns + 100} columns over all runs`,
  );
});
