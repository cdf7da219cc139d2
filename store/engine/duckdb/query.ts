import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBTypeId,
  type DuckDBValue,
  JSDuckDBValueConverter,
} from '@duckdb/node-api';

/** Columns of equal length, as DuckDB's JavaScript values; select `::DOUBLE` where a number is wanted, not a bigint. */
export interface Columns {
  count: number;
  at<T = unknown>(column: number): T[];
}

/** Runs one statement and reads all of its answer. */
export async function query(connection: DuckDBConnection, sql: string, values: DuckDBValue[] = []): Promise<Columns> {
  const columns: unknown[][] = [];
  let count = 0;
  await queryChunks(connection, sql, values, (part, width) => {
    for (let c = 0; c < width; c++) {
      const column = columns[c];
      if (column) {
        for (const value of part.at(c)) {
          column.push(value);
        }
      } else {
        columns.push(part.at(c));
      }
    }
    count += part.count;
  });
  return asColumns(columns, count);
}

/**
 * Runs one statement and hands on its answer in the parts in which DuckDB has it, of 2,048 rows at the most. Between
 * two the event loop turns: values of a large answer turned into JavaScript's at one go would block it for seconds.
 */
export async function queryChunks(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[],
  take: (part: Columns, width: number) => void,
): Promise<void> {
  const result = await connection.run(sql, values);
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const part = chunk;
    const columns = Array.from({ length: part.columnCount }, (_, c) => valuesOf(part, c));
    take(asColumns(columns, part.rowCount), part.columnCount);
  }
}

/** Types whose values are JavaScript's as they are; to convert them takes several times as long as to read them. */
const PLAIN: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.VARCHAR,
]);

function valuesOf(chunk: DuckDBDataChunk, column: number): unknown[] {
  const { typeId } = chunk.getColumnVector(column).type;
  return PLAIN.has(typeId) ? chunk.getColumnValues(column) : chunk.convertColumnValues(column, JSDuckDBValueConverter);
}

const asColumns = (columns: unknown[][], count: number): Columns => ({
  count,
  at: <T>(column: number) => (columns[column] ?? []) as T[],
});
