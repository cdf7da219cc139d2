import type { FacetData, FacetQuery, Facets, LensQuery, RowQuery } from '../../EngineReads';
import { isText, type Layout } from '../Layout';
import type { Read } from '../Reads';
import { INLINE_CHARS } from '../schema';
import { charsSql, numberSql, rowColumn, valueSql } from './columnSql';
import { lensCountsSql } from './lensSql';
import { countRows } from './rows';
import { selectRows, type Texts } from './rowsSql';

/** Reads all in one look at the selection, which a search may have to find first. */
export async function readFacets(
  read: Read,
  layout: Layout,
  query: RowQuery,
  texts: Texts,
  { columns, values, like, lenses }: FacetQuery,
): Promise<Facets> {
  const found: FacetData[] = [];
  for (const name of columns) {
    found.push(await readFacet(read, layout, query, texts, name, values, like));
  }
  return {
    columns: found,
    lenses: lenses.length > 0 ? await readLensCounts(read, layout, query, texts, lenses) : [],
    total: await countRows(read, layout, query, texts),
  };
}

async function readLensCounts(
  read: Read,
  layout: Layout,
  { lens: _, ...query }: RowQuery,
  texts: Texts,
  lenses: LensQuery[],
): Promise<number[]> {
  const selected = selectRows(layout, query, texts);
  const sql = selected && lensCountsSql(layout, query, lenses, selected);
  if (!selected || !sql) {
    return lenses.map(() => 0);
  }
  const counts = await read(sql, selected.values);
  return lenses.map((_, i) => counts.at<number>(i)[0] ?? 0);
}

/** Reads how many rows have which value of a column. */
async function readFacet(
  read: Read,
  layout: Layout,
  query: RowQuery,
  texts: Texts,
  name: string,
  limit: number,
  like?: string,
): Promise<FacetData> {
  const selected = selectRows(layout, query, texts, name === 'run');
  if (!selected) {
    return { nulls: 0, distinct: 0, min: null, max: null, values: [] };
  }
  const column = selected.columns.find((one) => one.name === name);
  const value = column ? valueSql(column) : (rowColumn(name)?.sql ?? 'NULL');
  // A longer text has only its beginning beside the row, and that is not its value.
  const lengths = (column?.places ?? []).filter(({ type }) => isText(type));
  const isWhole = lengths.map((place) => `coalesce(${charsSql(place)}, 0) <= ${INLINE_CHARS}`).join(' AND ') || 'true';
  const rows = `SELECT ${value} AS value, ${numberSql(selected.columns, name)} AS number, ${isWhole} AS isWhole
                FROM ${selected.from} WHERE ${selected.where}`;
  const stats = await read(
    `SELECT (count(*) - count(value))::DOUBLE, count(DISTINCT value)::DOUBLE,
            min(number) FILTER (isfinite(number)), max(number) FILTER (isfinite(number)) FROM (${rows})`,
    selected.values,
  );
  const values = [...selected.values];
  const fits = like ? `AND regexp_matches(value::VARCHAR, $${values.push(like)}::VARCHAR, 'il')` : '';
  const found = await read(
    `SELECT value, count(*)::DOUBLE AS times FROM (${rows}) WHERE value IS NOT NULL AND isWhole ${fits}
     GROUP BY value ORDER BY times DESC, value LIMIT ${limit}`,
    values,
  );
  const isJson = column?.type === 'json';
  return {
    nulls: stats.at<number>(0)[0] ?? 0,
    distinct: stats.at<number>(1)[0] ?? 0,
    min: stats.at<number | null>(2)[0] ?? null,
    max: stats.at<number | null>(3)[0] ?? null,
    values: Array.from({ length: found.count }, (_, i) => {
      const one = found.at(0)[i];
      return {
        value: typeof one === 'bigint' ? Number(one) : isJson ? JSON.parse(String(one)) : one,
        rows: found.at<number>(1)[i] ?? 0,
      };
    }),
  };
}
