import { literalPattern } from '@rolloscope/contract/texts';
import type { FacetData, FacetQuery, Facets, RowQuery } from '../../EngineReads';
import { numberOf } from '../Columns';
import type { Server } from '../Server';
import { INLINE_CHARS } from '../schema';
import { isText, numberSql, rowColumn, valueSql } from './columnSql';
import { lensCountsSql } from './lensSql';
import { countRows } from './rows';
import { selectFrom } from './rowsSql';
import { type Reading, type TableView, viewTable } from './TableView';

export async function readFacets(
  reading: Reading,
  query: RowQuery,
  { columns, values, like, lenses }: FacetQuery,
): Promise<Facets> {
  const baselines = [...lenses, ...(query.lens ? [query.lens] : [])].flatMap((lens) => lens.baselines);
  const scopes = [...query.scopes, ...baselines.map(({ scope }) => scope)];
  const view = await viewTable(reading, query.table, scopes, query.position);
  if (!view) {
    const empty = { nulls: 0, distinct: 0, min: null, max: null, values: [] };
    return { columns: columns.map(() => empty), lenses: lenses.map(() => 0), total: 0 };
  }
  const { server } = reading;
  const found: FacetData[] = [];
  for (const name of columns) {
    found.push(await readFacet(server, view, query, name, values, like));
  }
  const { lens: _, ...whole } = query;
  const base = selectFrom(view, whole);
  const sql = lensCountsSql(whole, lenses, base);
  const counts = sql === undefined ? undefined : await server.read(sql, base.parameters);
  return {
    columns: found,
    lenses: lenses.map((_, i) => counts?.first<number>(i) ?? 0),
    total: await countRows(server, selectFrom(view, query)),
  };
}

/** Reads how many rows have which value of a column. */
async function readFacet(
  server: Server,
  view: TableView,
  query: RowQuery,
  name: string,
  limit: number,
  like?: string,
): Promise<FacetData> {
  const { columns, from, where, parameters } = selectFrom(view, query);
  const column = columns.find((one) => one.name === name);
  const value = column ? valueSql(column) : (rowColumn(name)?.sql ?? "CAST(NULL, 'Nullable(String)')");
  // A longer text has only its beginning beside the row, and that is not its value.
  const texts = (column?.places ?? []).filter(({ type }) => isText(type));
  const isWhole = texts.map(({ chars }) => `ifNull(${chars}, 0) <= ${INLINE_CHARS}`).join(' AND ') || 'true';
  const rows = `(SELECT ${value} AS value, ${numberSql(columns, name)} AS number, ifNull(isFinite(number), false) AS isFound,
                        ${isWhole} AS isWhole FROM ${from} WHERE ${where})`;
  const stats = await server.read(
    `SELECT count() - count(value), uniqExact(value), minOrNullIf(number, isFound), maxOrNullIf(number, isFound) FROM ${rows}`,
    parameters,
  );
  const fits = like ? ` AND match(toString(value), ${parameters.text(`(?i)${literalPattern(like)}`)})` : '';
  const found = await server.read(
    `SELECT value, count() AS times FROM ${rows} WHERE value IS NOT NULL AND isWhole${fits}
     GROUP BY value ORDER BY times DESC, value LIMIT ${limit}`,
    parameters,
  );
  const told = (one: unknown) =>
    column?.type === 'json' ? JSON.parse(String(one)) : column?.type === 'number' ? numberOf(one) : one;
  return {
    nulls: stats.first<number>(0) ?? 0,
    distinct: stats.first<number>(1) ?? 0,
    min: stats.first<number | null>(2) ?? null,
    max: stats.first<number | null>(3) ?? null,
    values: found.at<unknown>(0).map((one, i) => ({ value: told(one), rows: found.at<number>(1)[i] ?? 0 })),
  };
}
