import type { GroupValue, LensGroups } from '@rolloscope/contract/lenses';
import type { FrameCells } from '../TableData';
import { type LensInput, type Look, lookAt } from './lensLook';

/** A group of rows of a frame: its values, and what each of its rows has of it. */
interface Group extends Record<GroupValue, number | null> {
  values: number[];
}

/** Rows of a frame in groups. */
interface GroupedRows {
  all: Group[];
  of(row: number): Group | undefined;
}

export function groupRows(
  { rows, total, steps }: Pick<LensInput, 'rows' | 'total' | 'steps'>,
  look: Look,
  { by, perStep, of, before }: LensGroups,
): GroupedRows {
  const groups = new Map<string, Group & { step: number; series: string }>();
  const seriesOf = (row: number) => JSON.stringify([look.run(row), look[by](row)]);
  const keyOf = (row: number) => `${perStep ? look.step(row) : ''} ${seriesOf(row)}`;
  for (const row of before ? Array(total).keys() : rows) {
    const [value, step] = [of === undefined ? 0 : look[of](row), look.step(row)];
    const isAsked = !before || (step !== null && (before === 'baseline' || (steps?.includes(Number(step)) ?? true)));
    if (look[by](row) !== null && value !== null && isAsked) {
      const key = keyOf(row);
      const known = groups.get(key);
      known?.values.push(Number(value));
      if (!known) {
        const nothing = { deviation: null, times: null, mean: null, meanBefore: null };
        groups.set(key, {
          ...nothing,
          values: [Number(value)],
          firstRow: row,
          step: Number(step),
          series: seriesOf(row),
        });
      }
    }
  }
  const last = new Map<string, number>();
  for (const group of [...groups.values()].sort((a, b) => a.step - b.step)) {
    const { values, series } = group;
    group.times = values.length;
    group.mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    group.deviation = deviationOf(values) || null;
    // The baseline is another run, of which a frame knows nothing.
    group.meanBefore = before === 'step' ? (last.get(series) ?? null) : null;
    last.set(series, group.mean);
  }
  return { all: [...groups.values()], of: (row) => groups.get(keyOf(row)) };
}

/**
 * Standard deviation of the rewards of each row's prompt group at its step, over the rows of a frame; null for a group
 * of one, and without rewards. Worked out when it is first asked for.
 */
export function groupSpreads(cells: FrameCells): (row: number) => number | null {
  let grouped: GroupedRows | undefined;
  return (row) => {
    if (!grouped) {
      const input = { ...cells, rows: Uint32Array.from({ length: cells.total }, (_, row) => row) };
      grouped = groupRows(input, lookAt(input), { by: 'groupKey', perStep: true, of: 'score' });
    }
    return deviationOf(grouped.of(row)?.values ?? []);
  };
}

/**
 * Standard deviation of all values (of the population, not of a sample); exactly 0 where all are equal, whatever rounding
 * does to their mean, and null where there are fewer than two.
 */
function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) {
    return null;
  }
  if (values.every((value) => value === values[0])) {
    return 0;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
