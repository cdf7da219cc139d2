import type { ExportRequest } from '@rolloscope/contract/types';
import type { EngineReads, RowNumbers, RunScope } from '../engine/EngineReads';
import type { ReadOptions } from '../engine/ReadOptions';
import type { RowStream } from '../services';
import { checkOrder, chooseRows, requireColumn, unnamedColumns } from './chooseRows';
import type { ReadContext } from './ReadContext';
import { toJson } from './readRows';
import type { SliceRoom } from './SliceRoom';

/** Rows, and characters, that are handed on at once. */
const PART_ROWS = 500;
const PART_CHARS = 4 * 2 ** 20;
/** Characters that are read at once where the rows lie beside each other. */
const CHUNK_CHARS = 8 * 2 ** 20;
/** The same for rows that lie everywhere: every read walks over all texts, so there must be few. */
const SCATTERED_CHARS = 32 * 2 ** 20;
const SCATTERED_ROWS = 20_000;

/**
 * Fixes which rows an export is of. They are read by whoever takes them, on whose behalf `readsFor` reads: that may be
 * another request, and several. Throws what `chooseRows` does.
 */
export async function openExport(
  context: ReadContext,
  request: ExportRequest,
  readsFor: (taker: ReadOptions) => EngineReads,
  slices: SliceRoom,
): Promise<RowStream> {
  const chosen = await chooseRows(context, request);
  const { query, columns } = chosen;
  const named = request.columns?.map((name) => requireColumn(columns, request.table, name));
  const shown = named ?? unnamedColumns(chosen);
  const orderBy = checkOrder(columns, request.table, request.orderBy);
  const numbers = await context.engine.rowNumbers(query, orderBy);
  const names = shown.map(({ name }) => name);
  return {
    columns: shown,
    total: numbers.rows.length,
    chunks: (taker) => exportRows(readsFor(taker), taker, { ...query, numbers, columns: names }, slices),
  };
}

/** The rows that are told, and what of them. */
interface ExportedRows {
  table: string;
  scopes: RunScope[];
  numbers: RowNumbers;
  columns: string[];
  /** The export's moment: rows are told with the labels of then, however long it is taken. */
  position: number;
}

/**
 * Rows by number, whole, in order; what is held in memory at once has a bound, however many rows and exports there are.
 */
async function* exportRows(
  reads: EngineReads,
  asker: ReadOptions,
  { table, scopes, numbers, columns, position }: ExportedRows,
  slices: SliceRoom,
): AsyncGenerator<unknown[][]> {
  const { rows } = numbers;
  const scattered = rows.some((row, i) => row < (rows[i - 1] ?? 0));
  const most = scattered ? { rows: SCATTERED_ROWS, chars: SCATTERED_CHARS } : { rows: PART_ROWS, chars: CHUNK_CHARS };
  for (let start = 0; start < rows.length; ) {
    const held = scattered ? await slices.enter(asker.caller, asker.signal) : undefined;
    try {
      let end = endOf(numbers, start, rows.length, most);
      const page = await reads.rowsByNumber(table, scopes, rows.subarray(start, end), columns, { position });
      const at = new Map(page.ids.map((id, i) => [id, i]));
      while (start < end) {
        const next = endOf(numbers, start, end, { rows: PART_ROWS, chars: PART_CHARS });
        // A row that is gone meanwhile is left out.
        const places = [...rows.subarray(start, next)].flatMap((row) => at.get(row) ?? []);
        const part = places.map((place) => toJson(page.rows[place] as unknown[]));
        // What is handed on is not held any longer.
        for (const place of places) {
          page.rows[place] = [];
        }
        start = next;
        const unwatch = held?.watch(() => {
          page.rows.length = 0;
          end = start;
        });
        try {
          yield part;
        } finally {
          unwatch?.();
        }
      }
    } finally {
      held?.leave();
    }
  }
}

/** Finds where a stretch ends that begins at `start`: within both bounds, of one row at least. */
function endOf({ chars }: RowNumbers, start: number, last: number, most: { rows: number; chars: number }): number {
  let end = start + 1;
  let size = chars[start] ?? 0;
  while (end < last && end - start < most.rows && size + (chars[end] ?? 0) <= most.chars) {
    size += chars[end] ?? 0;
    end++;
  }
  return end;
}
