import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBIntegerVector,
  DuckDBListVector,
  type DuckDBResult,
  DuckDBTypeId,
  type DuckDBValue,
  JSDuckDBValueConverter,
  ResultReturnType,
} from '@duckdb/node-api';

/** Columns of equal length, as DuckDB's JavaScript values; select `::DOUBLE` where a number is wanted, not a bigint. */
export interface Columns {
  count: number;
  at<T = unknown>(column: number): T[];
}

type Take = (part: Columns, width: number) => void;

/** A row whose first columns are integers and whose others are lists of doubles, to be looked at until `take` is over. */
export interface ListRow {
  ids: readonly number[];
  lists: readonly Float64Array[];
}

/**
 * Runs one statement and reads all of its answer, which DuckDB has whole before: a failure comes before any part, by its
 * own name, as is needed within a transaction.
 */
export async function query(connection: DuckDBConnection, sql: string, values?: DuckDBValue[]): Promise<Columns> {
  const result = await connection.run(sql, values);
  return gather((take) => eachChunk(result, (chunk) => hand(chunk, take)));
}

/** The same outside of transactions, where DuckDB makes the answer as it is read, and so never holds it whole. */
export function queryStreamed(connection: DuckDBConnection, sql: string, values: DuckDBValue[] = []): Promise<Columns> {
  return gather((take) => queryChunks(connection, sql, values, take));
}

/**
 * Runs one statement and hands on its answer in the parts in which DuckDB makes it, of 2,048 rows at the most. Between
 * two the event loop turns: values of a large answer turned into JavaScript's at one go would block it for seconds.
 */
export async function queryChunks(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[],
  take: Take,
): Promise<void> {
  await streamChunks(connection, sql, values, (chunk) => hand(chunk, take));
}

/**
 * The same for rows of integers and lists of doubles. One row with long lists comes in a third of the time that as many
 * rows take, since each part of those is a task of its own.
 */
export function queryLists(connection: DuckDBConnection, sql: string, take: (row: ListRow) => void): Promise<void> {
  return streamChunks(connection, sql, [], (chunk) => {
    const columns = Array.from({ length: chunk.columnCount }, (_, c) => chunk.getColumnVector(c));
    const ids = columns.filter((column) => column instanceof DuckDBIntegerVector);
    const lists = columns.filter((column) => column instanceof DuckDBListVector);
    for (let row = 0; row < chunk.rowCount; row++) {
      take({
        ids: ids.map((column) => column.getItem(row) ?? 0),
        lists: lists.map((column) => listAt(column, row)),
      });
    }
    chunk.reset();
  });
}

/** The driver gives numbers one at a time, which takes four times as long as to look at them where they are. */
function listAt(column: DuckDBListVector, row: number): Float64Array {
  const numbers: unknown = Reflect.get(column.childVector, 'items');
  if (!(numbers instanceof Float64Array)) {
    throw new Error('The list is not of doubles, or the driver keeps them elsewhere.');
  }
  const begin = column.getEntryOffset(row);
  return numbers.subarray(begin, begin + column.getEntryLength(row));
}

async function streamChunks(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[],
  each: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  const result = await connection.stream(sql, values);
  await eachChunk(result, each);
  if (result.returnType === ResultReturnType.INVALID) {
    // It failed half-way, which the driver tells as the end of the answer, without a reason. Asked again for all of it at
    // once, it fails with one.
    await connection.run(sql, values);
    throw new Error('The database ended its answer early, and answers now; ask again.');
  }
}

async function eachChunk(result: DuckDBResult, each: (chunk: DuckDBDataChunk) => void): Promise<void> {
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    each(chunk);
  }
}

function hand(chunk: DuckDBDataChunk, take: Take): void {
  const { rowCount, columnCount } = chunk;
  const columns = Array.from({ length: columnCount }, (_, c) => valuesOf(chunk, c));
  // All values are copies. What the driver holds of a part goes by itself only when garbage is collected, of which
  // JavaScript, that knows nothing of those bytes, sees no need for long.
  chunk.reset();
  take(asColumns(columns, rowCount), columnCount);
}

async function gather(read: (take: Take) => Promise<void>): Promise<Columns> {
  const columns: unknown[][] = [];
  let count = 0;
  await read((part, width) => {
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
