import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';

/** DuckDB's vector size: the most rows that one chunk can hold. */
const CHUNK = 2048;

export interface AppendColumn {
  type: DuckDBType;
  /** Converts one value to what DuckDB's vector takes; nulls are not asked. */
  value(row: number): DuckDBValue;
}

/** Appends columns to a table, in the order of its columns, within the connection's transaction. */
export async function appendColumns(
  connection: DuckDBConnection,
  table: string,
  columns: readonly AppendColumn[],
  count: number,
): Promise<void> {
  if (count === 0) {
    return;
  }
  const appender = await connection.createAppender(table);
  const types = columns.map(({ type }) => type);
  for (let start = 0; start < count; start += CHUNK) {
    const size = Math.min(CHUNK, count - start);
    const chunk = DuckDBDataChunk.create(types, size);
    columns.forEach((column, i) => {
      chunk.setColumnValues(
        i,
        Array.from({ length: size }, (_, j) => column.value(start + j)),
      );
    });
    appender.appendDataChunk(chunk);
  }
  appender.flushSync();
  appender.closeSync();
}
