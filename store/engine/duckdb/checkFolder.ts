import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreError } from '../../StoreError';
import { DEFAULTS } from './openFile';
import { openFolder } from './openFolder';
import { query } from './query';
import { inReadablePieces, rowsIn, tablesOf } from './tableFaults';

interface CheckedFolder {
  runs: number;
  points: number;
  rows: number;
  /** Each in one sentence; none for a folder that is in order. */
  faults: string[];
}

/**
 * Reads all of a folder that no store has open: whether it has what was promised, and whether every row can be read and
 * belongs to a run. Changes nothing. Throws `unavailable` where a store has it open.
 */
export async function checkFolder(directory: string): Promise<CheckedFolder> {
  const checked: CheckedFolder = { runs: 0, points: 0, rows: 0, faults: [] };
  const folder = await openFolder(directory, { ...DEFAULTS, patience: 0 }).catch((error: unknown) => {
    if (error instanceof StoreError && error.code === 'data_damaged') {
      checked.faults.push(error.message);
      return undefined;
    }
    throw error;
  });
  if (!folder) {
    return checked;
  }
  try {
    await checkTables(folder.connection, checked);
  } finally {
    folder.connection.closeSync();
    folder.instance.closeSync();
    await folder.file.close();
  }
  return checked;
}

async function checkTables(connection: DuckDBConnection, checked: CheckedFolder): Promise<void> {
  const tables = await tablesOf(connection);
  const hasRuns = tables.some(({ name }) => name === 'runs');
  for (const { name, sql } of tables) {
    const unreadable = await inReadablePieces(connection, name, async (where) => {
      // Every cell takes part in the hash, so every block is read, and its checksum looked at.
      await query(connection, `SELECT bit_xor(hash(line)) FROM (SELECT * FROM store."${name}" WHERE ${where}) line`);
    });
    for (const piece of unreadable) {
      const rows = await rowsIn(connection, name, piece);
      checked.faults.push(`${rows} rows of ${name}, from row ${piece.from} on, cannot be read.`);
    }
    const hasRun = name !== 'runs' && /\brun INTEGER\b/.test(sql);
    if (hasRuns && hasRun && unreadable.length === 0) {
      const lost = await count(connection, `store."${name}" WHERE run NOT IN (SELECT run FROM store.runs)`);
      if (lost > 0) {
        checked.faults.push(`${lost} rows of ${name} are of no run.`);
      }
    }
    const rows = await count(connection, `store."${name}"`).catch(() => 0);
    checked.runs += name === 'runs' ? rows : 0;
    checked.points += name === 'points' ? rows : 0;
    checked.rows += name.startsWith('rows_') ? rows : 0;
  }
}

async function count(connection: DuckDBConnection, from: string): Promise<number> {
  return (await query(connection, `SELECT count(*)::DOUBLE FROM ${from}`)).at<number>(0)[0] ?? 0;
}
