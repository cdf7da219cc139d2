import { LIMITS } from '@rolloscope/contract';
import { StoreError } from '../StoreError';
import type { Steps } from '../Turn';
import { MOST_CELLS, MOST_COLUMNS, type WideTable } from './unpivot';

/**
 * Records as a table: a column for every name, null where a record has not got it. Throws `limit_exceeded` for records
 * whose names differ so much that the table would be far larger than they are.
 */
export function* tableOf(records: readonly object[]): Steps<WideTable> {
  const names = new Map<string, number>();
  for (const record of records) {
    for (const name of Object.keys(record)) {
      if (!names.has(name)) {
        names.set(name, names.size);
      }
    }
    if (names.size > MOST_COLUMNS) {
      throw new StoreError('limit_exceeded', `it has more than ${MOST_COLUMNS} columns; ${LIMITS.columns} are taken`);
    }
    yield;
  }
  if (records.length * names.size > MOST_CELLS) {
    throw new StoreError('limit_exceeded', `it would have more cells than the limit of ${MOST_CELLS}`);
  }
  const rows: unknown[][] = [];
  for (const record of records) {
    const row: unknown[] = new Array(names.size).fill(null);
    for (const [name, value] of Object.entries(record)) {
      row[names.get(name) ?? 0] = value ?? null;
    }
    rows.push(row);
    yield;
  }
  return { columns: [...names.keys()], rows };
}
