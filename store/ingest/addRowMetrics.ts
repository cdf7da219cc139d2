import type { StepRow } from '../engine/Engine';
import { Turn } from '../Turn';
import { FIGURED_COLUMNS } from './figuresOf';
import { type KnownRows, type KnownSteps, MOST_ROWS_OF_STEP } from './KnownSteps';
import { RowPoints } from './RowPoints';
import type { Stage } from './Stage';
import { type TouchedStep, touchedSteps } from './touchedSteps';

/**
 * Adds to a commit what the rows of each step that it touches are together, all that there are of the step and an attempt,
 * those of earlier commits among them: points of metrics of the run. Resolves with what is to be done once it is durable.
 */
export async function addRowMetrics(stage: Stage, known: KnownSteps): Promise<() => void> {
  const hasAny = (run: string, table: string) =>
    stage.draft(run)?.record.rowMetrics?.some((name) => name.startsWith(`${table}/`)) ?? false;
  const settle = [...stage.deleted].map((run) => () => known.delete(run));
  const turn = new Turn();
  for (const [table, runs] of touchedSteps(stage.changes, hasAny)) {
    const stored = await readStored(stage, known, table, runs);
    for (const [run, steps] of runs) {
      const draft = stage.draft(run);
      const before = stored.get(run);
      if (!draft || !before) {
        continue;
      }
      const after = new Map<number, KnownRows>();
      const points = new RowPoints();
      for (const [step, change] of steps) {
        const stored = before.steps.get(step) ?? [];
        if (stored === 'too many' || stored.length + change.added.length > MOST_ROWS_OF_STEP) {
          after.set(step, 'too many');
          continue;
        }
        const rows = rowsAfter(stored, change);
        after.set(step, rows);
        const changed = change.adopted.length > 0 ? rows : change.added;
        // The newest attempt's last: of a step that two share, its point counts.
        for (const attempt of [...new Set(changed.map((row) => row.attempt))].sort((a, b) => a - b)) {
          await points.add(
            table,
            step,
            attempt,
            rows.filter((row) => row.attempt === attempt),
          );
        }
        if (turn.isOver) {
          await turn.next();
        }
      }
      stage.changes.push(...(await points.take(stage, draft)));
      const highest = [...steps.keys()].reduce((most, step) => Math.max(most, step), before.highest);
      settle.push(() => known.set(run, table, highest, after));
    }
  }
  return () => {
    for (const one of settle) {
      one();
    }
  };
}

interface StoredSteps {
  highest: number;
  steps: Map<number, KnownRows>;
}

/** Reads a table's rows of some steps before the commit, by run: one read of the engine, and none of what is known. */
async function readStored(
  stage: Stage,
  known: KnownSteps,
  table: string,
  runs: ReadonlyMap<string, ReadonlyMap<number, TouchedStep>>,
): Promise<Map<string, StoredSteps>> {
  const stored = new Map<string, StoredSteps>();
  const asked = new Map<string, number[]>();
  for (const [run, steps] of runs) {
    const isNew = stage.deleted.has(run);
    const highest = isNew ? undefined : known.highest(run, table);
    const found: StoredSteps = { highest: highest ?? Number.NEGATIVE_INFINITY, steps: new Map() };
    stored.set(run, found);
    if (isNew || (highest === undefined && (await stage.engine.tableColumns([run], table)).length === 0)) {
      continue;
    }
    const missing: number[] = [];
    for (const step of steps.keys()) {
      const rows = known.at(run, table, step);
      if (rows) {
        found.steps.set(step, rows);
      } else {
        missing.push(step);
      }
    }
    if (missing.length > 0) {
      asked.set(run, missing);
    }
  }
  const read =
    asked.size > 0 ? await stage.engine.rowsAtSteps(table, asked, FIGURED_COLUMNS, MOST_ROWS_OF_STEP + 1) : new Map();
  for (const [run, { highest, steps }] of read) {
    const found = stored.get(run);
    if (found) {
      found.highest = Math.max(found.highest, highest ?? Number.NEGATIVE_INFINITY);
      for (const [step, rows] of steps) {
        found.steps.set(step, rows);
      }
    }
  }
  return stored;
}

function rowsAfter(before: readonly StepRow[], { added, adopted }: TouchedStep): StepRow[] {
  const rows = [...before, ...added];
  return adopted.reduce(
    (all, { fromRow, attempt }) =>
      all.map((row) => (row.row >= fromRow && row.attempt < attempt ? { ...row, attempt } : row)),
    rows,
  );
}
