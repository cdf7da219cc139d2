import { isApart, LABEL_COLUMNS } from '@rolloscope/contract';
import { conditionsOf } from '@rolloscope/contract/conditions';
import type { Column, RowAnswer, RowsAnswer, RowsRequest } from '@rolloscope/contract/types';
import { noRow, parseRowId, rowId } from '../engine/rowId';
import { evidenceOf } from '../evidence/evidenceOf';
import { readSince, writeAsOf } from './asOf';
import { checkOrder, chooseRows, DEFAULT_LIMIT, requireColumn, unnamedColumns } from './chooseRows';
import { lensColumns } from './lenses';
import type { ReadContext } from './ReadContext';

/** A page of rows. Throws `table_not_found`, `unknown_column`, `invalid_pattern`, `invalid_as_of`. */
export async function readRows(context: ReadContext, request: RowsRequest): Promise<RowsAnswer> {
  const { engine, seen } = context;
  const chosen = await chooseRows(context, request);
  const { query, columns, missing } = chosen;
  const asOf = writeAsOf(engine, query.position);
  const named = request.columns?.map((name) => requireColumn(columns, request.table, name));
  const shown = named ?? unnamedColumns(chosen).filter((column) => !isApart(column));
  const apart = named ? [] : columns.filter(isApart);
  const orderBy = checkOrder(columns, request.table, request.orderBy);
  const head = { columns: shown, ...(apart.length > 0 && { apart }) };
  const empty = { ...head, rows: [], rowIds: [], cut: [], asOf };
  if (request.since !== undefined) {
    const since = await readSince(engine, seen, chosen.entries, request.since);
    if (since === undefined || (chosen.labelledAt > since && showsLabels(request, shown))) {
      return { ...empty, total: 0, reset: true };
    }
    query.since = since;
  }
  const page = await engine.rows(query, {
    columns: shown.map(({ name }) => name),
    orderBy,
    offset: request.offset ?? 0,
    limit: request.limit ?? DEFAULT_LIMIT,
    ...(request.preview !== undefined && { preview: request.preview }),
    ...(request.groupSpread && { groupSpread: lensColumns(columns) }),
  });
  return {
    ...head,
    rows: page.rows.map(toJson),
    rowIds: page.ids.map((id) => rowId(engine.storeId, id)),
    cut: page.cut,
    total: page.total,
    ...(page.groupSpread && { groupSpread: page.groupSpread }),
    ...(missing && { missing }),
    asOf,
  };
}

/** Tells whether an answer tells of labels: then a change of one changes rows that were there before. */
function showsLabels({ filter = [], orderBy = [], lens }: RowsRequest, shown: readonly Column[]): boolean {
  const named = [...filter.flatMap(conditionsOf), ...orderBy].map(({ column }) => column);
  return (
    lens === 'labelled' ||
    lens === 'disputed' ||
    named.some((name) => Object.hasOwn(LABEL_COLUMNS, name)) ||
    shown.some(({ origin }) => origin === 'label')
  );
}

/** Cells as JSON can carry them. */
export const toJson = (row: unknown[]) =>
  row.map((cell) => (typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell));

/** One row, uncut. Throws `row_not_found`. */
export async function readRow({ engine, seen }: ReadContext, id: string): Promise<RowAnswer> {
  const number = parseRowId(engine.storeId, id);
  const row = number === undefined ? undefined : await engine.rowById(number);
  const entry = row && seen.ofStore(row.run);
  if (!row || !entry) {
    throw noRow(id);
  }
  const evidence = evidenceOf(await engine.tableColumns([row.run], row.table), row.cells);
  const names = Object.keys(row.cells);
  const values = toJson(Object.values(row.cells));
  return {
    rowId: id,
    ...row,
    run: seen.idOf(entry),
    cells: Object.fromEntries(names.map((name, i) => [name, values[i]])),
    ...(evidence && { evidence }),
  };
}
