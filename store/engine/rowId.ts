import { StoreError } from '../StoreError';

/** A row's id: opaque, URL-safe, stable, and of no other store. */
export function rowId(storeId: string, row: number): string {
  return `${storeId}-${row.toString(36)}`;
}

/** The row's number; undefined for an id that this store did not give out. */
export function parseRowId(storeId: string, id: string): number | undefined {
  const match = /^([0-9a-f]+)-([0-9a-z]{1,11})$/.exec(id);
  const row = match?.[1] === storeId ? Number.parseInt(match[2] ?? '', 36) : Number.NaN;
  return Number.isSafeInteger(row) ? row : undefined;
}

/** Said of a row that is not there, or not for who asks. */
export const noRow = (id: string) => new StoreError('row_not_found', `There is no row ${JSON.stringify(id)}.`);
