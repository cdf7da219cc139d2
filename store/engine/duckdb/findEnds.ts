import type { Database } from './Database';
import type { Layout } from './Layout';

/** The ends of what a store had when it was opened. */
export interface Ends {
  /** Everything that was committed; 0 for nothing. */
  position: number;
  /** The highest number of a row; 0 without any. */
  row: number;
  /** The latest time of a batch. */
  newestBatch: number | undefined;
}

export async function findEnds(database: Database, layout: Layout): Promise<Ends> {
  const tables = [...layout.tables.keys()].map((key) => `rows_${key}`);
  const positions = [
    'SELECT position FROM ends',
    ...['points', ...tables].map((table) => `SELECT max(position) FROM ${table}`),
  ];
  const rows = ['SELECT row FROM ends', ...tables.map((table) => `SELECT max(row) FROM ${table}`)];
  const ends = await database.lookUp(
    `SELECT (SELECT max(position) FROM (${positions.join(' UNION ALL ')}))::DOUBLE,
            (SELECT max(row) FROM (${rows.join(' UNION ALL ')}))::DOUBLE,
            (SELECT max(time) FROM batches)::DOUBLE`,
  );
  return {
    // In stores of earlier versions commits without points and rows left no position; the jump keeps positions ascending.
    position: (ends.at<number>(0)[0] ?? 0) + 1_000_000,
    row: ends.at<number>(1)[0] ?? 0,
    newestBatch: ends.at<number | null>(2)[0] ?? undefined,
  };
}
