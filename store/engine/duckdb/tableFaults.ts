import type { DuckDBConnection } from '@duckdb/node-api';
import { query } from './query';

/** Names of this store's tables, with the statements that make them. */
export async function tablesOf(connection: DuckDBConnection): Promise<Array<{ name: string; sql: string }>> {
  const { at } = await query(
    connection,
    "SELECT table_name, sql FROM duckdb_tables() WHERE database_name = 'store' ORDER BY table_oid",
  );
  return at<string>(0).map((name, i) => ({ name, sql: at<string>(1)[i] ?? '' }));
}

/** Rows from one row id to before another. */
export interface Piece {
  from: number;
  to: number;
}

/** Rows that lie in one place of the file: as few as can be told apart. */
const LEAST_ROWS = 2_048;

/**
 * Works through a table in pieces that are as large as they can be read; gives those that cannot be. Row ids reach up to
 * the count of what was ever in the table, and the work passes over what was deleted.
 */
export async function inReadablePieces(
  connection: DuckDBConnection,
  table: string,
  work: (where: string) => Promise<void>,
): Promise<Piece[]> {
  const { at } = await query(connection, `SELECT max(rowid)::DOUBLE FROM store."${table}"`);
  const end = (at<number | null>(0)[0] ?? -1) + 1;
  const unreadable: Piece[] = [];
  const waiting: Piece[] = end > 0 ? [{ from: 0, to: end }] : [];
  for (let piece = waiting.pop(); piece; piece = waiting.pop()) {
    const { from, to } = piece;
    try {
      await work(`rowid >= ${from} AND rowid < ${to}`);
    } catch {
      const middle = from + Math.ceil((to - from) / 2 / LEAST_ROWS) * LEAST_ROWS;
      if (to - from <= LEAST_ROWS) {
        unreadable.push(piece);
      } else {
        // The earlier one first.
        waiting.push({ from: middle, to }, { from, to: middle });
      }
    }
  }
  return unreadable;
}

/** Rows of a piece; of one that cannot be read, as many as there may be. */
export async function rowsIn(connection: DuckDBConnection, table: string, { from, to }: Piece): Promise<number> {
  const sql = `SELECT count(*)::DOUBLE FROM store."${table}" WHERE rowid >= ${from} AND rowid < ${to}`;
  return query(connection, sql).then(
    ({ at }) => at<number>(0)[0] ?? 0,
    () => to - from,
  );
}
