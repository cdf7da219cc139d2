import type { OrderBy } from '@rolloscope/contract/types';
import type { RowQuery, RunScope } from '../../EngineReads';
import { Parameters } from '../Parameters';
import { rowColumn, selectColumns, valueSql } from './columnSql';
import { filterSql, searchSql } from './filterSql';
import { withLabelColumns } from './labelSql';
import { applyLens } from './lensSql';
import type { OrderTerm, SelectedRows } from './SelectedRows';
import { rowScopeSql } from './scopeSql';
import { columnsOfScopes, type Reading, type TableView, viewTable } from './TableView';

/** A number before every step. */
const NO_ENTRY = '-9007199254740992';

/** The rows that a query asks for; undefined where none of its runs has the table. */
export async function selectRows(reading: Reading, query: RowQuery): Promise<SelectedRows | undefined> {
  const baselines = query.lens?.baselines.map(({ scope }) => scope) ?? [];
  const view = await viewTable(reading, query.table, [...query.scopes, ...baselines], query.position);
  return view && selectFrom(view, query);
}

export function selectFrom(view: TableView, query: RowQuery): SelectedRows {
  const parameters = new Parameters();
  const logged = selectColumns(columnsOfScopes(view, query.scopes), parameters);
  const columns = withLabelColumns(view, logged, parameters);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const conditions = rowScopeSql(view, view.from, query);
  if (query.latest) {
    const { scopes, position } = query;
    const all = rowScopeSql(view, view.from, { scopes, position }).join(' AND ');
    conditions.push(
      `(run, ifNull(entryStep, ${NO_ENTRY})) IN
       (SELECT run, max(ifNull(entryStep, ${NO_ENTRY})) FROM ${view.from} WHERE ${all} GROUP BY run)`,
    );
  }
  conditions.push(...filterSql(query.filter ?? [], byName, parameters));
  if (query.search) {
    conditions.push(searchSql(query.search, columns, parameters));
  }
  const from = `(SELECT *, ${runIdSql(view, query.scopes, parameters)} AS runId FROM ${view.from})`;
  const selected = { view, columns, from, where: conditions.join(' AND '), parameters };
  return query.lens ? applyLens(query, query.lens, selected) : selected;
}

/** SQL of what a run is called to who asks. */
function runIdSql({ runs }: TableView, scopes: readonly RunScope[], parameters: Parameters): string {
  const called = scopes.flatMap(({ run, as }) => {
    const key = runs.get(run);
    return key === undefined ? [] : [[key, as ?? run] as const];
  });
  if (called.length === 0) {
    return "''";
  }
  const keys = parameters.integers(called.map(([key]) => key));
  return `transform(toInt64(run), ${keys}, ${parameters.texts(called.map(([, name]) => name))}, '')`;
}

/** Returns the terms that rows are ordered by, one after another. Nulls come last; `row` is to follow. */
export function orderTerms({ columns, order }: SelectedRows, orderBy: OrderBy): OrderTerm[] {
  if (orderBy.length === 0) {
    return order ?? [];
  }
  const byName = new Map(columns.map((column) => [column.name, column]));
  return orderBy.flatMap(({ column, direction }) => {
    const known = byName.get(column);
    const value = rowColumn(column)?.sql ?? (known ? valueSql(known) : 'NULL');
    // NaN goes last with the nulls.
    const sql = known?.type === 'number' ? `if(isNaN(${value}), NULL, ${value})` : value;
    const how = `${direction.toUpperCase()} NULLS LAST`;
    // The numbers of JSON come first, in their order: a column with two types was mostly logged with numbers.
    return known?.type === 'json'
      ? [
          { sql: `toFloat64OrNull(${sql})`, how },
          { sql, how },
        ]
      : [{ sql, how }];
  });
}
