import type { DuckDBValue } from '@duckdb/node-api';
import { conditionsOf } from '@rolloscope/contract/conditions';
import type { Filter, OrderBy } from '@rolloscope/contract/types';
import type { RowQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import { rowColumn, selectColumns, valueSql } from './columnSql';
import { filterSql, isOfTexts, searchSql, type TextsHow } from './filterSql';
import { asksForLabels, isOfLabels, joinedColumns, withLabelColumns } from './labelSql';
import { applyLens } from './lensSql';
import { runNameSql } from './runNames';
import type { OrderTerm, SelectedRows } from './SelectedRows';
import { rowScopeSql } from './scopeSql';

/** Numbers of the rows in which the conditions on texts hold. */
export const FOUND = 'temp.found';

/**
 * The treatment of conditions on texts, which take long: they are put as they are, those of some rows; left out; or
 * taken from what was found before.
 */
export type Texts = TextsHow | 'left out' | 'found';

/** `needsRun`: the run's id will be read from it. */
export function selectRows(
  layout: Layout,
  query: RowQuery,
  texts: Texts = {},
  needsRun = false,
): SelectedRows | undefined {
  const table = layout.table(query.table);
  if (!table) {
    return undefined;
  }
  const runs = query.scopes.map(({ run }) => run);
  const { columns: all, joinLabels } = withLabelColumns(layout, table, query, selectColumns(layout, table, runs));
  const isJoined = joinLabels !== undefined && asksForLabels(query);
  const columns = isJoined ? joinedColumns(all) : all;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const values: DuckDBValue[] = [];
  const name = `rows_${table.key}`;
  const conditions = rowScopeSql(layout, table.key, query);
  if (query.latest) {
    const { scopes, position } = query;
    const all = rowScopeSql(layout, table.key, { scopes, position }).join(' AND ');
    conditions.push(
      `(run, coalesce(entryStep, -9007199254740992)) IN
       (SELECT (run, max(coalesce(entryStep, -9007199254740992))) FROM ${name} WHERE ${all} GROUP BY run)`,
    );
  }
  const withRunId = (from: string) =>
    `(SELECT logged.*, ${runNameSql(layout, query.scopes)} AS run_id FROM ${from} logged JOIN runs USING (run))`;
  const usesRun = needsRun || [query.filter, query.search].some((part) => JSON.stringify(part ?? '').includes('"run"'));
  const logged = usesRun ? withRunId(name) : name;
  const from = isJoined ? joinLabels(logged) : logged;
  const filter = query.filter ?? [];
  const isOfText = (part: Filter[number]) => conditionsOf(part).some(isOfTexts);
  const within = typeof texts === 'string' ? undefined : texts.within;
  conditions.push(
    ...(within ? [within] : []),
    ...filterSql(
      filter.filter((part) => !isOfText(part)),
      table,
      byName,
      values,
    ),
  );
  if (texts === 'found') {
    conditions.push(`row IN (FROM ${FOUND})`);
  } else if (texts !== 'left out') {
    const how = { ...texts, among: `SELECT row FROM ${from} WHERE ${conditions.join(' AND ')}` };
    conditions.push(
      ...filterSql(filter.filter(isOfText), table, byName, values, how),
      ...(query.search ? [searchSql(query.search, table, columns, values, how)] : []),
    );
  }
  const selected = {
    table,
    columns,
    from,
    where: conditions.join(' AND '),
    values,
    hasRunId: usesRun,
    withRunId,
    ...(joinLabels && { joinLabels, isJoined }),
  };
  return query.lens ? applyLens(layout, query, query.lens, selected) : selected;
}

/** Returns the terms that rows are ordered by, one after another. Nulls come last; `row` is to follow. */
export function orderSql(selected: SelectedRows, orderBy: OrderBy): { from: string; terms: OrderTerm[] } {
  if (orderBy.length === 0) {
    return { from: selected.from, terms: selected.order ?? [] };
  }
  const { joinLabels, isJoined } = selected;
  const ordersLabels = orderBy.some(({ column }) => isOfLabels(selected.columns.find(({ name }) => name === column)));
  const isToJoin = joinLabels !== undefined && !isJoined && ordersLabels;
  const columns = isToJoin ? joinedColumns(selected.columns) : selected.columns;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const terms = orderBy.flatMap(({ column, direction }) => {
    const known = byName.get(column);
    const value = rowColumn(column)?.sql ?? (known ? valueSql(known) : 'NULL');
    // NaN, to DuckDB the largest number, goes last with the nulls.
    const sql = known?.type === 'number' ? `CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END` : value;
    const how = `${direction.toUpperCase()} NULLS LAST`;
    // The numbers of JSON come first, in their order: a column with two types was mostly logged with numbers.
    return known?.type === 'json'
      ? [
          { sql: `TRY_CAST(${sql} AS DOUBLE)`, how },
          { sql, how },
        ]
      : [{ sql, how }];
  });
  const usesRun = orderBy.some(({ column }) => column === 'run') && !selected.hasRunId;
  const from = usesRun ? selected.withRunId(selected.from) : selected.from;
  return { from: isToJoin ? joinLabels(from) : from, terms };
}
