import { type GroupValue, LENS_PLANS, LENS_RULES, type RowValue } from '@rolloscope/contract/lenses';
import type { Lens } from '@rolloscope/contract/names';
import { ordered } from './compileFilter';
import { groupRows } from './groupRows';
import { type Key, type LensInput, lookAt } from './lensLook';
import { sortRows } from './sortRows';

/** Rows of a lens, in its order: its plan over the rows of a frame, as the store runs it over a table. */
export function lensRows(lens: Lens, input: LensInput): Uint32Array {
  const { groups, where, orderBy } = LENS_PLANS[lens];
  const look = lookAt(input);
  const grouped = groups && groupRows(input, look, groups);
  const isOfRow = (value: RowValue | GroupValue): value is RowValue => value in look;
  const keyOf = (value: RowValue | GroupValue): Key =>
    isOfRow(value) ? look[value] : (row) => grouped?.of(row)?.[value] ?? null;
  const holds = where.map((one) => {
    const { column } = one;
    const key = keyOf(column);
    if ('op' in one) {
      const test = ordered(one.op, one.value, 'number');
      return (row: number) => test(key(row));
    }
    const sign = one.end === 'lowest' ? 1 : -1;
    const values = isOfRow(column) ? Array.from(input.rows, key) : grouped?.all.map((group) => group[column]);
    // A hair below the bound: the same rewards in another order give a sum that differs in its last digits.
    const bound = boundOf(values ?? [], sign) * (column === 'deviation' ? 1 - 1e-9 : 1);
    return (row: number) => {
      const value = key(row);
      return value !== null && sign * Number(value) <= bound;
    };
  });
  const found = input.rows.filter((row) => (!grouped || grouped.of(row)) && holds.every((holds) => holds(row)));
  const order = orderBy.map(({ column, direction }) => ({ column, direction, key: keyOf(column) }));
  return sortRows(found, order, ({ key }, row) => key(row));
}

/** The value up to which the outermost share of some values goes; NaN where there are none. */
function boundOf(values: readonly (number | string | null)[], sign: 1 | -1): number {
  const sorted = Float64Array.from(
    values.filter((value) => value !== null).map((value) => sign * Number(value)),
  ).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * LENS_RULES.end) - 1)] ?? Number.NaN;
}
