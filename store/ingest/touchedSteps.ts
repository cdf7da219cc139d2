import type { Change, RowsChange, StepRow } from '../engine/Engine';
import { FIGURED_COLUMNS } from './figuresOf';

/** The changes of a commit to the rows of a table's step. */
export interface TouchedStep {
  added: StepRow[];
  /** Rows from that number on turn out to be of a later attempt, one after the other. */
  adopted: Array<{ fromRow: number; attempt: number }>;
}

/** Touched steps, by table, run and step. */
type Touched = Map<string, Map<string, Map<number, TouchedStep>>>;

/**
 * Collects what changes bring that metrics of rows are made of: nothing of tables without such columns. Of rows that
 * have another step than their entry nothing is made, since attempts are told by that of entries. `hasAny`: whether
 * there are such metrics of a run's table already.
 */
export function touchedSteps(changes: readonly Change[], hasAny: (run: string, table: string) => boolean): Touched {
  const touched: Touched = new Map();
  const at = (table: string, run: string, step: number) => {
    const steps = entryOf(entryOf(touched, table), run);
    const known = steps.get(step) ?? { added: [], adopted: [] };
    steps.set(step, known);
    return known;
  };
  for (const change of changes) {
    if (change.kind === 'rows' && change.entryStep !== null) {
      const places = placesOf(change);
      for (const row of places ? rowsOf(change, places) : []) {
        at(change.table, change.run, change.entryStep).added.push(row);
      }
    } else if (
      change.kind === 'adopt' &&
      (hasAny(change.run, change.table) || touched.get(change.table)?.has(change.run))
    ) {
      at(change.table, change.run, change.step).adopted.push(change);
    } else if (change.kind === 'delete') {
      for (const runs of touched.values()) {
        runs.delete(change.run);
      }
    }
  }
  return touched;
}

/** Finds the figured columns among those of the change, each -1 where it lacks; undefined where it has none of them. */
function placesOf({ columns }: RowsChange): number[] | undefined {
  const places = FIGURED_COLUMNS.map((name) =>
    columns.findIndex((column) => column.name === name && column.type === 'number'),
  );
  return places.some((place) => place >= 0) ? places : undefined;
}

function rowsOf(
  { entryStep, steps, times, cells, firstRow, attempt }: RowsChange,
  places: readonly number[],
): StepRow[] {
  return times.flatMap((time, i) =>
    steps[i] === entryStep
      ? {
          row: firstRow + i,
          attempt,
          time,
          cells: places.map((place) => {
            const cell = cells[place]?.[i];
            return typeof cell === 'number' ? cell : null;
          }),
        }
      : [],
  );
}

function entryOf<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const inner = maps.get(key) ?? new Map<K, V>();
  maps.set(key, inner);
  return inner;
}
