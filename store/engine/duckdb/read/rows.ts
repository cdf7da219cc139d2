import type { OrderBy } from '@rolloscope/contract/types';
import type { CountedPage, PageExtras, RowNumbers, RowPage, RowQuery, RunScope } from '../../EngineReads';
import { isText, type Layout } from '../Layout';
import type { Columns } from '../query';
import type { Read } from '../Reads';
import { INLINE_CHARS } from '../schema';
import { charsSql, rowColumn, type SelectedColumn } from './columnSql';
import { readGroupSpread } from './groupSpread';
import { isOfLabels, joinedColumns } from './labelSql';
import { orderSql, selectRows, type Texts } from './rowsSql';
import { runNames } from './runNames';
import type { SelectedRows } from './SelectedRows';
import { listSql } from './scopeSql';

const EMPTY: RowPage = { rows: [], ids: [], cut: [] };

export interface PageOptions extends PageExtras {
  columns: string[];
  orderBy: OrderBy;
  offset: number;
  limit: number;
}

/** One column of a page: where its values, lengths and whole texts are in the answers. */
interface PlacedColumn {
  column: number;
  type: SelectedColumn['type'];
  physical: string | null;
  /** True for a text that is in no table of texts, and whole beside the row. */
  isWhole: boolean;
}

export async function readRowPage(
  read: Read,
  layout: Layout,
  query: RowQuery,
  texts: Texts,
  page: PageOptions,
): Promise<CountedPage> {
  const selected = selectRows(layout, query, texts);
  if (!selected) {
    return { ...EMPTY, total: 0 };
  }
  const numbers = await readMatching(read, selected, page);
  const rows = numbers.at<number>(0);
  const total = numbers.at<number>(1)[0] ?? (await countRows(read, layout, query, texts));
  const cells = await readCells(read, layout, selected, query.scopes, rows, page.columns, page.preview);
  return {
    ...cells,
    total,
    ...(page.groupSpread && {
      groupSpread: await readGroupSpread(read, layout, query, selected, cells.ids, page.groupSpread),
    }),
  };
}

/** The numbers of a page's rows, each beside how many match over all pages. */
async function readMatching(
  read: Read,
  selected: SelectedRows,
  { orderBy, limit, offset }: PageOptions,
): Promise<Columns> {
  // They are counted in the same walk: a search reads every text, which is not to be done twice.
  const { from, terms } = orderSql(selected, orderBy);
  const keys = terms.map(({ sql }, i) => `, ${sql} AS order${i}`).join('');
  const order = [...terms.map(({ how }, i) => `order${i} ${how}`), 'row'].join(', ');
  const matching = `SELECT row${keys} FROM ${from} WHERE ${selected.where}`;
  return read(
    `WITH matching AS MATERIALIZED (${matching})
     SELECT row::DOUBLE, (SELECT count(*) FROM matching)::DOUBLE FROM matching
     ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`,
    selected.values,
  );
}

export async function countRows(read: Read, layout: Layout, query: RowQuery, texts: Texts): Promise<number> {
  const selected = selectRows(layout, query, texts);
  if (!selected) {
    return 0;
  }
  const count = await read(`SELECT count(*)::DOUBLE FROM ${selected.from} WHERE ${selected.where}`, selected.values);
  return count.at<number>(0)[0] ?? 0;
}

/** Reads every matching row's number, in order, and beside it how many characters of text it has. */
export async function readNumbers(
  read: Read,
  layout: Layout,
  query: RowQuery,
  texts: Texts,
  orderBy: OrderBy,
): Promise<RowNumbers> {
  const selected = selectRows(layout, query, texts);
  if (!selected) {
    return { rows: new Float64Array(), chars: new Float64Array() };
  }
  const { from, terms } = orderSql(selected, orderBy);
  const order = [...terms.map(({ sql, how }) => `${sql} ${how}`), 'row'].join(', ');
  const lengths = selected.columns
    .flatMap(({ places }) => places)
    .filter(({ type, origin }) => isText(type) && origin !== 'label');
  const chars = lengths.map((place) => `coalesce(${charsSql(place)}, 0)`).join(' + ') || '0';
  const numbers = await read(
    `SELECT row::DOUBLE, (${chars})::DOUBLE FROM ${from} WHERE ${selected.where} ORDER BY ${order}`,
    selected.values,
  );
  return { rows: Float64Array.from(numbers.at<number>(0)), chars: Float64Array.from(numbers.at<number>(1)) };
}

/** The cells of given rows, in their order; a row that is gone is left out. */
export async function readCells(
  read: Read,
  layout: Layout,
  selected: SelectedRows,
  scopes: readonly RunScope[],
  numbers: ArrayLike<number>,
  names: readonly string[],
  preview?: number,
): Promise<RowPage> {
  if (numbers.length === 0) {
    return EMPTY;
  }
  const key = selected.table.key;
  const { joinLabels } = selected;
  const shown = joinLabels ? joinedColumns(selected.columns) : selected.columns;
  const byName = new Map(shown.map((column) => [column.name, column]));
  const from =
    joinLabels && names.some((name) => isOfLabels(byName.get(name))) ? joinLabels(`rows_${key}`) : `rows_${key}`;
  const parts: string[] = ['row::DOUBLE', 'run', 'step::DOUBLE', 'time::DOUBLE'];
  const reads: PlacedColumn[][] = names.map((name) =>
    (byName.get(name)?.places ?? []).map((place) => {
      const { physical, type, origin } = place;
      const text = isText(type);
      const column = parts.push(text && preview !== undefined ? `left(${physical}, ${preview})` : physical) - 1;
      if (text) {
        parts.push(charsSql(place));
      }
      return { column, type, physical: text ? physical : null, isWhole: origin === 'label' };
    }),
  );
  const bounds = `row BETWEEN ${min(numbers)} AND ${max(numbers)} AND row IN (${listSql(numbers)})`;
  const cells = await read(`SELECT ${parts.join(', ')} FROM ${from} WHERE ${bounds}`);
  const texts = await readTexts(read, key, reads.flat(), cells, bounds, preview);

  const at = new Map(cells.at<number>(0).map((row, i) => [row, i]));
  const nameOf = runNames(layout, scopes);
  const answer: RowPage = { rows: [], ids: [], cut: [] };
  for (let n = 0; n < numbers.length; n++) {
    const id = numbers[n] ?? 0;
    const i = at.get(id);
    if (i === undefined) {
      continue;
    }
    const whole = texts.get(id);
    const row = names.map((name, column) => {
      const own = rowColumn(name);
      if (own && !byName.has(name)) {
        return name === 'run' ? nameOf(cells.at<number>(1)[i] ?? 0) : cells.at(name === 'step' ? 2 : 3)[i];
      }
      return cell(cells, reads[column] ?? [], i, whole, preview, (length) => {
        answer.cut.push([answer.rows.length, column, length]);
      });
    });
    answer.rows.push(row);
    answer.ids.push(id);
  }
  return answer;
}

/** The whole of the long texts of a page, by row and physical column; only where the inline part is not enough. */
async function readTexts(
  read: Read,
  table: number,
  reads: PlacedColumn[],
  cells: Columns,
  bounds: string,
  preview: number | undefined,
): Promise<Map<number, Map<string, string>>> {
  const byRow = new Map<number, Map<string, string>>();
  const needed = reads.filter(
    ({ physical, column, isWhole }) =>
      physical !== null &&
      !isWhole &&
      (preview === undefined || preview > INLINE_CHARS) &&
      cells.at<number | null>(column + 1).some((length) => (length ?? 0) > INLINE_CHARS),
  );
  if (needed.length === 0) {
    return byRow;
  }
  const select = needed.map(({ physical }) => (preview === undefined ? physical : `left(${physical}, ${preview})`));
  const texts = await read(`SELECT row::DOUBLE, ${select.join(', ')} FROM texts_${table} WHERE ${bounds}`);
  texts.at<number>(0).forEach((row, i) => {
    const of = new Map<string, string>();
    needed.forEach(({ physical }, j) => {
      const text = texts.at<string | null>(j + 1)[i];
      if (physical !== null && text !== null && text !== undefined) {
        of.set(physical, text);
      }
    });
    byRow.set(row, of);
  });
  return byRow;
}

function cell(
  cells: Columns,
  reads: PlacedColumn[],
  row: number,
  texts: Map<string, string> | undefined,
  preview: number | undefined,
  cut: (length: number) => void,
): unknown {
  for (const { column, type, physical } of reads) {
    const value = cells.at(column)[row];
    if (value === null || value === undefined) {
      continue;
    }
    if (physical === null) {
      return value;
    }
    const length = cells.at<number>(column + 1)[row] ?? 0;
    const text = texts?.get(physical) ?? (value as string);
    if (preview !== undefined && length > preview) {
      cut(length);
      return text;
    }
    return type === 'json' ? JSON.parse(text) : text;
  }
  return null;
}

const min = (numbers: ArrayLike<number>) =>
  Array.from(numbers).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const max = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((a, b) => Math.max(a, b), 0);
