import type { OrderBy } from '@rolloscope/contract/types';
import type { CountedPage, PageExtras, RowNumbers, RowPage, RowQuery, RunScope } from '../../EngineReads';
import { numberOf } from '../Columns';
import type { Parameters } from '../Parameters';
import type { Server } from '../Server';
import { isText, rowColumn } from './columnSql';
import { readGroupSpread } from './groupSpread';
import { orderTerms, selectFrom, selectRows } from './rowsSql';
import type { SelectedRows } from './SelectedRows';
import { deadSql } from './scopeSql';
import { type Reading, type TableView, viewTable } from './TableView';

export interface PageOptions extends PageExtras {
  columns: string[];
  orderBy: OrderBy;
  offset: number;
  limit: number;
}

const EMPTY: RowPage = { rows: [], ids: [], cut: [] };

export async function readRowPage(reading: Reading, query: RowQuery, page: PageOptions): Promise<CountedPage> {
  const selected = await selectRows(reading, query);
  if (!selected) {
    return { ...EMPTY, total: 0, ...(page.groupSpread && { groupSpread: [] }) };
  }
  const { server } = reading;
  const { from, where, parameters } = selected;
  const terms = orderTerms(selected, page.orderBy);
  const keys = terms.map(({ sql }, i) => `, ${sql} AS term${i}`).join('');
  const order = [...terms.map(({ how }, i) => `term${i} ${how}`), 'row'].join(', ');
  // They are counted in the same walk: a search reads every text, which is not to be done twice.
  const found = await server.read(
    `SELECT row, count() OVER () FROM (SELECT row${keys} FROM ${from} WHERE ${where})
     ORDER BY ${order} LIMIT ${page.limit} OFFSET ${page.offset}`,
    parameters,
  );
  const rows = found.at<number>(0);
  const total = found.first<number>(1) ?? (page.offset === 0 && page.limit > 0 ? 0 : await countRows(server, selected));
  const cells = await readCells(server, selected, query.scopes, rows, page.columns, page.preview);
  return {
    ...cells,
    total,
    ...(page.groupSpread && {
      groupSpread: await readGroupSpread(server, query, selected, cells.ids, page.groupSpread),
    }),
  };
}

export async function countRows(server: Server, { from, where, parameters }: SelectedRows): Promise<number> {
  return (await server.read(`SELECT count() FROM ${from} WHERE ${where}`, parameters)).first<number>(0) ?? 0;
}

export async function countMatching(reading: Reading, query: RowQuery): Promise<number> {
  const selected = await selectRows(reading, query);
  return selected ? countRows(reading.server, selected) : 0;
}

/** Reads every matching row's number, in order, and beside it how many characters of text it has. */
export async function readNumbers(reading: Reading, query: RowQuery, orderBy: OrderBy): Promise<RowNumbers> {
  const selected = await selectRows(reading, query);
  if (!selected) {
    return { rows: new Float64Array(), chars: new Float64Array() };
  }
  const { columns, from, where, parameters } = selected;
  const order = [...orderTerms(selected, orderBy).map(({ sql, how }) => `${sql} ${how}`), 'row'].join(', ');
  const places = columns
    .flatMap((column) => column.places)
    .filter(({ type, origin }) => isText(type) && origin !== 'label');
  const chars = places.map((place) => `ifNull(${place.chars}, 0)`).join(' + ') || '0';
  const found = await reading.server.read(
    `SELECT row, ${chars} FROM ${from} WHERE ${where} ORDER BY ${order}`,
    parameters,
  );
  return { rows: Float64Array.from(found.at<number>(0)), chars: Float64Array.from(found.at<number>(1)) };
}

/** Rows of a table by their numbers, in that order; those that are gone, or of no such run, are left out. */
export async function readRowsByNumber(
  reading: Reading,
  query: Pick<RowQuery, 'table' | 'scopes' | 'position'>,
  rows: ArrayLike<number>,
  columns: readonly string[],
  preview?: number,
): Promise<RowPage> {
  const view = await viewTable(reading, query.table, query.scopes, query.position);
  const selected = view && selectFrom(view, { ...query, latest: false });
  return selected ? readCells(reading.server, selected, query.scopes, rows, columns, preview) : EMPTY;
}

/** One column of a page: where its values and lengths are in the answer. */
interface ReadPlace {
  column: number;
  type: SelectedRows['columns'][number]['type'];
}

async function readCells(
  server: Server,
  selected: SelectedRows,
  scopes: readonly RunScope[],
  numbers: ArrayLike<number>,
  names: readonly string[],
  preview?: number,
): Promise<RowPage> {
  if (numbers.length === 0) {
    return EMPTY;
  }
  const { view, columns, parameters } = selected;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const parts: string[] = ['row', 'run', 'step', 'time'];
  const reads = names.map((name) =>
    (byName.get(name)?.places ?? []).map(({ sql, whole, chars, type }): ReadPlace => {
      if (!isText(type)) {
        return { column: parts.push(sql) - 1, type };
      }
      const column = parts.push(preview === undefined ? whole : `leftUTF8(${whole}, ${preview})`) - 1;
      parts.push(chars);
      return { column, type };
    }),
  );
  const found = await server.read(
    `SELECT ${parts.join(', ')} FROM ${view.from} WHERE ${numbered(view, scopes, numbers, parameters)}`,
    parameters,
  );
  const lines = new Map(found.at<number>(0).map((row, i) => [row, i]));
  const called = new Map(scopes.flatMap(({ run, as }) => [[view.runs.get(run), as ?? run] as const]));
  const answer: RowPage = { rows: [], ids: [], cut: [] };
  for (let n = 0; n < numbers.length; n++) {
    const id = numbers[n] ?? 0;
    const line = lines.get(id);
    if (line === undefined) {
      continue;
    }
    const own = (name: string) =>
      name === 'run' ? called.get(found.at<number>(1)[line]) : found.at<number | null>(name === 'step' ? 2 : 3)[line];
    const cell = (name: string, column: number): unknown => {
      if (rowColumn(name) && !byName.has(name)) {
        return own(name);
      }
      for (const { column: at, type } of reads[column] ?? []) {
        const value = found.at<unknown>(at)[line] ?? null;
        if (value === null) {
          continue;
        }
        if (!isText(type)) {
          return type === 'number' ? numberOf(value) : value;
        }
        const length = found.at<number>(at + 1)[line] ?? 0;
        if (preview !== undefined && length > preview) {
          answer.cut.push([answer.rows.length, column, length]);
          return value;
        }
        return type === 'json' ? JSON.parse(value as string) : value;
      }
      return null;
    };
    answer.rows.push(names.map(cell));
    answer.ids.push(id);
  }
  return answer;
}

/** Conditions on rows by their numbers. */
function numbered(
  { runs, dead }: TableView,
  scopes: readonly RunScope[],
  numbers: ArrayLike<number>,
  parameters: Parameters,
) {
  const keys = scopes.flatMap(({ run }) => runs.get(run) ?? []);
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (let n = 0; n < numbers.length; n++) {
    first = Math.min(first, numbers[n] ?? first);
    last = Math.max(last, numbers[n] ?? last);
  }
  return [
    keys.length === 0 ? 'false' : `run IN (${keys.join(', ')})`,
    `row BETWEEN ${first} AND ${last}`,
    `row IN ${parameters.integers(numbers)}`,
    ...deadSql(dead),
  ].join(' AND ');
}
