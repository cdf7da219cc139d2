import { charCount } from '@rolloscope/contract/charCount';
import type { ColumnType } from '@rolloscope/contract/types';
import { Turn } from '../../Turn';
import type { PointsChange, RowsChange } from '../Engine';
import type { Keys } from './catalogue/Catalogue';
import { textName } from './read/columnSql';
import type { Line } from './Server';
import { INLINE_CHARS } from './schema';

/** Lines of one commit at the most, so that the order of logging is one number. */
const LINES = 2 ** 32;

/** A number as JSON can tell it. */
const told = (value: number) =>
  Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);

/** Throws where a change cannot be written, before anything of its commit is. */
export function checkChanges(points: readonly PointsChange[], rows: readonly RowsChange[]): void {
  const isWhole = (value: number | null | undefined) => value === null || Number.isSafeInteger(value);
  const steps = [...points.map((one) => one.steps), ...rows.map((one) => [...one.steps, one.entryStep])];
  const times = [...points, ...rows].map((one) => one.times);
  if (!steps.every((list) => list.every(isWhole)) || !times.every((list) => list.every(Number.isSafeInteger))) {
    throw new Error('A step, or a time, is no whole number.');
  }
}

/** Lines of `points`, in the order of logging. */
export async function pointLines(
  changes: readonly PointsChange[],
  { runs, metrics }: Keys,
  position: number,
): Promise<Line[]> {
  const lines: Line[] = [];
  const turn = new Turn();
  for (const { run, attempt, metrics: names, steps, times, values } of changes) {
    const runKey = runs.get(run);
    for (let i = 0; i < values.length; i++) {
      const seq = BigInt(position) * BigInt(LINES) + BigInt(lines.length);
      const metric = metrics.get(names[i] ?? '');
      lines.push([runKey, metric, attempt, steps[i] ?? null, times[i], told(values[i] ?? 0), String(seq), position]);
    }
    if (turn.isOver) {
      await turn.next();
    }
  }
  return lines;
}

/** Lines of `rows`. */
export async function rowLines(
  changes: readonly RowsChange[],
  { runs, tables }: Keys,
  position: number,
): Promise<Line[]> {
  const lines: Line[] = [];
  const turn = new Turn();
  for (const change of changes) {
    const { run, table, firstRow, attempt, entryStep, steps, times } = change;
    for (let i = 0; i < times.length; i++) {
      const own = [
        runs.get(run),
        tables.get(table),
        firstRow + i,
        attempt,
        entryStep,
        steps[i] ?? null,
        times[i],
        position,
      ];
      lines.push([...own, ...cellMaps(change, i)]);
      if (turn.isOver) {
        await turn.next();
      }
    }
  }
  return lines;
}

/** The cells of a row by type, as `rows` has them. */
function cellMaps({ columns, cells }: RowsChange, row: number): unknown[] {
  const numbers = new Map<string, number | string>();
  const booleans = new Map<string, boolean>();
  const heads = new Map<string, string>();
  const chars = new Map<string, number>();
  const texts = new Map<string, string>();
  columns.forEach(({ name, type }, c) => {
    const cell = cells[c]?.[row] ?? null;
    if (cell === null) {
      return;
    }
    if (type === 'number') {
      numbers.set(name, told(cell as number));
    } else if (type === 'boolean') {
      booleans.set(name, cell as boolean);
    } else {
      const text = textOf(type, cell);
      const count = charCount(text);
      const key = textName(type, name);
      heads.set(
        key,
        count > INLINE_CHARS ? [...text.slice(0, 2 * INLINE_CHARS)].slice(0, INLINE_CHARS).join('') : text,
      );
      chars.set(key, count);
      if (count > INLINE_CHARS) {
        texts.set(key, text);
      }
    }
  });
  // Objects made of entries keep any name as their own, also `__proto__`.
  return [numbers, booleans, heads, chars, texts].map((map) => Object.fromEntries(map));
}

const textOf = (type: ColumnType, cell: unknown) => (type === 'json' ? JSON.stringify(cell) : String(cell));
