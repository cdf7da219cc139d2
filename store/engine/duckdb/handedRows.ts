import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBTableFunction,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

/** A column of rows that are to be stored. */
export interface AppendColumn {
  type: DuckDBType;
  /** Converts one value to what DuckDB's vector takes; nulls are not asked. */
  value(row: number): DuckDBValue;
}

/** Rows that a statement reads as a table; they are made on the main thread when they are asked for. */
interface HandedRows {
  columns: readonly AppendColumn[];
  count: number;
  /** Returns how many rows, from one on, are handed over at one go. */
  sizeAt(start: number): number;
}

/** The rows that the statement under way reads; a connection has one at a time. */
interface Hand {
  rows?: HandedRows;
  next: number;
  failure?: unknown;
}

const FUNCTION = 'handed_rows';
const hands = new WeakMap<DuckDBConnection, Hand>();

/** Lets the one connection of a database that writes hand over rows. */
export function mayHandRows(connection: DuckDBConnection): void {
  const hand: Hand = { next: 0 };
  hands.set(connection, hand);
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name: FUNCTION,
      bindFunction(info) {
        hand.rows?.columns.forEach(({ type }, i) => {
          info.addResultColumn(`c${i}`, type);
        });
      },
      initFunction() {},
      mainFunction(info, chunk) {
        try {
          handOver(hand, chunk);
        } catch (error) {
          hand.failure = error;
          info.setError(String(error));
        }
      },
    }),
  );
}

/** Hands over the next rows; no rows say that these were all. */
function handOver(hand: Hand, chunk: DuckDBDataChunk): void {
  const { rows, next } = hand;
  const size = rows && next < rows.count ? rows.sizeAt(next) : 0;
  chunk.rowCount = size;
  if (rows && size > 0) {
    fill(chunk, rows.columns, next, size);
    hand.next += size;
  }
}

/** Fills a chunk that has room for `size` rows with those from `start` on. */
export function fill(chunk: DuckDBDataChunk, columns: readonly AppendColumn[], start: number, size: number): void {
  columns.forEach((column, i) => {
    chunk.setColumnValues(
      i,
      Array.from({ length: size }, (_, j) => column.value(start + j)),
    );
  });
}

/** Inserts rows on a thread of the database: the main thread makes each part of them, and is free in between. */
export async function insertHanded(connection: DuckDBConnection, table: string, rows: HandedRows): Promise<void> {
  const hand = hands.get(connection);
  if (!hand) {
    throw new Error('This connection was not told that it may hand over rows (mayHandRows).');
  }
  Object.assign(hand, { rows, next: 0, failure: undefined });
  try {
    await connection.run(`INSERT INTO ${table} SELECT * FROM ${FUNCTION}()`);
  } catch (error) {
    throw hand.failure ?? error;
  } finally {
    delete hand.rows;
  }
}
