import { type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { type AppendColumn, fill, insertHanded } from './handedRows';

/** DuckDB's vector size: the most rows that one chunk can hold. */
const CHUNK_ROWS = 2048;
/** Cells of a chunk, which are converted one by one. */
const CHUNK_CELLS = 32_768;
/** Characters of a chunk: the driver copies them on the main thread, about 10 ms of them at a time. */
const CHUNK_CHARS = 4 * 2 ** 20;
/** Columns of which the driver's appender stores one chunk on the main thread, in about 4 ms, however few its rows are. */
const APPENDER_COLUMNS = 128;

/**
 * Appends columns to a table, in the order of its columns, within the connection's transaction. `charsOf` tells about
 * how many characters of text a row has, where that may be many.
 *
 * A little is appended in less time than a statement takes. The driver's appender stores on the main thread, though, and
 * writes whole row groups there, which took seconds for hundreds of columns: what is more than one chunk, or wide, is
 * inserted by a statement instead.
 */
export async function appendColumns(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendColumn[],
  count: number,
  charsOf: (row: number) => number = () => 0,
): Promise<void> {
  if (count === 0) {
    return;
  }
  const most = Math.max(1, Math.min(CHUNK_ROWS, Math.floor(CHUNK_CELLS / columns.length)));
  const sizeAt = (start: number) => {
    let size = 1;
    for (
      let chars = charsOf(start);
      start + size < count && size < most && chars + charsOf(start + size) <= CHUNK_CHARS;
      size++
    ) {
      chars += charsOf(start + size);
    }
    return size;
  };
  if (columns.length > APPENDER_COLUMNS || sizeAt(0) < count) {
    await insertHanded(connection, table, { columns, count, sizeAt });
    return;
  }
  const appender = await connection.createAppender(table);
  const types = columns.map(({ type }) => type);
  const chunk = DuckDBDataChunk.create(types, count);
  fill(chunk, columns, 0, count);
  appender.appendDataChunk(chunk);
  appender.flushSync();
  appender.closeSync();
}
