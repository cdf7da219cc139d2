import { setImmediate } from 'node:timers/promises';
import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';

/** DuckDB's vector size: the most rows that one chunk can hold. */
const CHUNK_ROWS = 2048;
/** Cells of a chunk, which are converted one by one. */
const CHUNK_CELLS = 32_768;
/** Characters of a chunk: the driver copies them on the main thread, about 10 ms of them at a time. */
const CHUNK_CHARS = 4 * 2 ** 20;

export interface AppendColumn {
  type: DuckDBType;
  /** Converts one value to what DuckDB's vector takes; nulls are not asked. */
  value(row: number): DuckDBValue;
}

/**
 * Appends columns to a table, in the order of its columns, within the connection's transaction. `charsOf` tells about
 * how many characters of text a row has, where that may be many.
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
  const appender = await connection.createAppender(table);
  const types = columns.map(({ type }) => type);
  const most = Math.max(1, Math.min(CHUNK_ROWS, Math.floor(CHUNK_CELLS / columns.length)));
  for (let start = 0; start < count; ) {
    let size = 1;
    for (
      let chars = charsOf(start);
      start + size < count && size < most && chars + charsOf(start + size) <= CHUNK_CHARS;
      size++
    ) {
      chars += charsOf(start + size);
    }
    const chunk = DuckDBDataChunk.create(types, size);
    columns.forEach((column, i) => {
      chunk.setColumnValues(
        i,
        Array.from({ length: size }, (_, j) => column.value(start + j)),
      );
    });
    appender.appendDataChunk(chunk);
    appender.flushSync();
    start += size;
    if (start < count) {
      await setImmediate();
    }
  }
  appender.closeSync();
}
