import type { OrderBy } from '@rolloscope/contract/types';

/** Rows of a frame in an order: nulls last either way, ties as they came, texts by their characters as the store does. */
export function sortRows(
  length: number,
  orderBy: OrderBy,
  read: (column: string, row: number) => unknown,
): Uint32Array {
  const rows = Uint32Array.from({ length }, (_, row) => row);
  const compareBy = orderBy.map(({ column, direction }) => {
    const sign = direction === 'asc' ? 1 : -1;
    return (a: number, b: number) => compareCells(read(column, a), read(column, b), sign);
  });
  return rows.sort((a, b) => {
    for (const compare of compareBy) {
      const order = compare(a, b);
      if (order !== 0) {
        return order;
      }
    }
    return a - b;
  });
}

function compareCells(a: unknown, b: unknown, sign: 1 | -1): number {
  const aMissing = a === null || a === undefined;
  const bMissing = b === null || b === undefined;
  if (aMissing || bMissing) {
    return Number(aMissing) - Number(bMissing);
  }
  return sign * comparePresent(a, b);
}

function comparePresent(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') {
    // NaN counts as greater than every number, as in the store.
    return Number.isNaN(a) || Number.isNaN(b)
      ? Number(Number.isNaN(a)) - Number(Number.isNaN(b))
      : Math.sign(a - b) || (a > b ? 1 : 0);
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') {
    return Number(a) - Number(b);
  }
  const one = typeof a === 'string' ? a : JSON.stringify(a);
  const other = typeof b === 'string' ? b : JSON.stringify(b);
  return one < other ? -1 : one > other ? 1 : 0;
}
