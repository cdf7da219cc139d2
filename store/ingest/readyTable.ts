import type { TableColumn } from '../engine/TableColumn';
import type { Steps } from '../Turn';
import { type DerivedColumns, derive } from './derive';
import { isRowId } from './isRowId';
import type { PreparedTable } from './prepareLog';
import { typedColumns } from './typedColumns';

/** A logged table as it is to be stored: its own columns in their types and roles, and what is derived of them. */
export interface ReadyTable {
  columns: readonly TableColumn[];
  cells: ReadonlyArray<unknown[]>;
  derived: Readonly<DerivedColumns>;
}

/** Makes a table ready, by the columns that its run had in it before; by the same ones it is always the same. */
export function* readyTable(prepared: PreparedTable, known: ReadonlyMap<string, TableColumn>): Steps<ReadyTable> {
  const { columns, cells } = yield* typedColumns(prepared, known);
  const derived = yield* derive(columns, cells, prepared.times.length);
  const group = columns.findIndex(({ name, role }) => role === 'groupId' && !known.has(name));
  const prompts = derived.cells[derived.columns.findIndex(({ name }) => name === 'promptHash')];
  if (prompts && (yield* isRowId(cells[group] ?? [], prompts as (string | null)[]))) {
    const { role: _, ...column } = columns[group] as TableColumn;
    columns[group] = column;
  }
  return { columns, cells, derived };
}
