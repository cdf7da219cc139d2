import type { Engine } from '../engine/Engine';
import type { RowNumbers, RunScope } from '../engine/EngineReads';
import { toJson } from './readRows';

/** Rows that are handed on at once. */
const CHUNK_ROWS = 500;
/** Characters that are read at once where the rows lie beside each other. */
const CHUNK_CHARS = 8 * 2 ** 20;
/** The same for rows that lie everywhere: every read walks over all texts, so there must be few. */
const SCATTERED_CHARS = 48 * 2 ** 20;
const SCATTERED_ROWS = 20_000;

/** Rows by number, whole, in order; what is held in memory at once has a bound, however many there are. */
export async function* exportRows(
  engine: Engine,
  table: string,
  scopes: RunScope[],
  { rows, chars }: RowNumbers,
  columns: string[],
): AsyncGenerator<unknown[][]> {
  const scattered = rows.some((row, i) => row < (rows[i - 1] ?? 0));
  const limit = scattered ? { rows: SCATTERED_ROWS, chars: SCATTERED_CHARS } : { rows: CHUNK_ROWS, chars: CHUNK_CHARS };
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    let size = chars[start] ?? 0;
    while (end < rows.length && end - start < limit.rows && size + (chars[end] ?? 0) <= limit.chars) {
      size += chars[end] ?? 0;
      end++;
    }
    const page = await engine.rowsByNumber(table, scopes, rows.subarray(start, end), columns);
    for (let from = 0; from < page.rows.length; from += CHUNK_ROWS) {
      yield page.rows.slice(from, from + CHUNK_ROWS).map(toJson);
    }
    start = end;
  }
}
