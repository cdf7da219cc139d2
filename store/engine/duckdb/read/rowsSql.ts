import type { DuckDBValue } from '@duckdb/node-api';
import type { OrderBy } from '@rolloscope/contract/types';
import type { RowQuery } from '../../EngineReads';
import type { Layout, TableLayout } from '../Layout';
import { rowColumn, type SelectedColumn, selectColumns, valueSql } from './columnSql';
import { filterSql, searchSql } from './filterSql';
import { scopeSql } from './scopeSql';

/** A selection of rows as SQL: `FROM ${from} WHERE ${where}`, with its bound values. */
export interface SelectedRows {
  table: TableLayout;
  columns: SelectedColumn[];
  from: string;
  where: string;
  values: DuckDBValue[];
}

/** The row's step for what is effective: the entry's, since a logged step column may say anything. */
const ENTRY_STEP = 'coalesce(entryStep, step)';

export function selectRows(layout: Layout, query: RowQuery): SelectedRows | undefined {
  const table = layout.table(query.table);
  if (!table) {
    return undefined;
  }
  const runs = query.scopes.map(({ run }) => run);
  const columns = selectColumns(layout, table, runs);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const values: DuckDBValue[] = [];
  const name = `rows_${table.key}`;
  const conditions = scopeSql(layout, query, ENTRY_STEP);
  if (query.latest) {
    const { scopes, position } = query;
    const all = scopeSql(layout, { scopes, position }, ENTRY_STEP).join(' AND ');
    conditions.push(
      `(run, coalesce(entryStep, -9007199254740992)) IN
       (SELECT (run, max(coalesce(entryStep, -9007199254740992))) FROM ${name} WHERE ${all} GROUP BY run)`,
    );
  }
  const usesRun = [query.filter, query.search].some((part) => JSON.stringify(part ?? '').includes('"run"'));
  conditions.push(...filterSql(query.filter ?? [], table, byName, values));
  if (query.search) {
    conditions.push(searchSql(query.search, table, columns, values));
  }
  return {
    table,
    columns,
    from: usesRun ? withRunId(name) : name,
    where: conditions.join(' AND '),
    values,
  };
}

/** The rows with the run's id beside its key; joined only where a condition or an order asks for it. */
const withRunId = (name: string) => `(SELECT t.*, r.id AS run_id FROM ${name} t JOIN runs r USING (run))`;

/** What rows are ordered by, one term after another: a value and how it goes. Nulls last; `row` is to follow. */
export function orderSql(
  selected: SelectedRows,
  orderBy: OrderBy,
): { from: string; terms: Array<{ sql: string; how: string }> } {
  const byName = new Map(selected.columns.map((column) => [column.name, column]));
  const terms = orderBy.flatMap(({ column, direction }) => {
    const known = byName.get(column);
    const value = rowColumn(column)?.sql ?? (known ? valueSql(known) : 'NULL');
    // NaN, to DuckDB the largest number, goes last with the nulls.
    const sql = known?.type === 'number' ? `CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END` : value;
    const how = `${direction.toUpperCase()} NULLS LAST`;
    // Of JSON the numbers come first, in their order: a column with two types was mostly logged with numbers.
    return known?.type === 'json'
      ? [
          { sql: `TRY_CAST(${sql} AS DOUBLE)`, how },
          { sql, how },
        ]
      : [{ sql, how }];
  });
  const usesRun = orderBy.some(({ column }) => column === 'run') && !selected.from.startsWith('(');
  return { from: usesRun ? withRunId(selected.from) : selected.from, terms };
}
