import { foldCase } from '@rolloscope/contract/texts';
import type { ColumnFacet } from '@rolloscope/contract/types';

/** Values that are told of; longer texts are no values to choose from. */
const MOST_VALUES = 50;
const LONGEST = 256;

/** Sums up what a column of some rows holds, as the store does. */
export function facetOf(name: string, cells: Iterable<unknown>, like: string): ColumnFacet {
  const counts = new Map<string, { value: unknown; rows: number }>();
  let nulls = 0;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const cell of cells) {
    if (cell === null || cell === undefined) {
      nulls++;
      continue;
    }
    if (typeof cell === 'number' && Number.isFinite(cell)) {
      [min, max] = [Math.min(min, cell), Math.max(max, cell)];
    }
    const value = typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell;
    const key = `${typeof cell} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
    const known = counts.get(key);
    counts.set(key, { value, rows: (known?.rows ?? 0) + 1 });
  }
  const wanted = foldCase(like);
  const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const values = [...counts.values()]
    .filter(({ value }) => textOf(value).length <= LONGEST && foldCase(textOf(value)).includes(wanted))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, MOST_VALUES);
  return { name, nulls, distinct: counts.size, ...(min <= max && { min, max }), values };
}
