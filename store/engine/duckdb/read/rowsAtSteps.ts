import type { DuckDBConnection } from '@duckdb/node-api';
import type { RowsAtSteps, StepRow } from '../../Engine';
import type { Layout } from '../Layout';
import { query } from '../query';
import { num } from './scopeSql';

interface StepsAsk {
  table: string;
  /** Steps, by run. */
  asked: ReadonlyMap<string, readonly number[]>;
  columns: readonly string[];
  /** Rows of each step. */
  most: number;
}

/** Columns before those that were asked for. */
const KEYS = 5;

/** Reads rows of a table at some steps, by run, in two statements, however many runs and steps they are. */
export async function readRowsAtSteps(
  connection: DuckDBConnection,
  layout: Layout,
  { table: name, asked, columns, most }: StepsAsk,
): Promise<Map<string, RowsAtSteps>> {
  const found = new Map<string, RowsAtSteps>();
  const table = layout.table(name);
  const pairs: string[] = [];
  for (const [run, steps] of asked) {
    const key = layout.runs.find(run);
    if (key !== undefined && table?.byRun.has(key)) {
      found.set(run, { highest: null, steps: new Map() });
      pairs.push(...steps.map((step) => `(${key}, ${num(step)})`));
    }
  }
  if (!table || found.size === 0) {
    return found;
  }
  const runs = `run IN (${[...found.keys()].flatMap((run) => layout.runs.find(run) ?? []).join(', ')})`;
  const highest = await query(
    connection,
    `SELECT run, max(entryStep)::DOUBLE FROM rows_${table.key} WHERE ${runs} GROUP BY run`,
  );
  highest.at<number>(0).forEach((key, i) => {
    const ofRun = found.get(layout.runs.nameOf(key));
    if (ofRun) {
      ofRun.highest = highest.at<number | null>(1)[i] ?? null;
    }
  });
  if (pairs.length === 0) {
    return found;
  }
  const cells = columns.map((column) => `, ${layout.place(table.key, column, 'number') ?? 'NULL'}::DOUBLE`).join('');
  const rows = await query(
    connection,
    `SELECT run, entryStep::DOUBLE, row::DOUBLE, attempt, time::DOUBLE${cells} FROM rows_${table.key}
     WHERE ${runs} AND step = entryStep AND (run, entryStep) IN (${pairs.join(', ')})
     QUALIFY row_number() OVER (PARTITION BY run, entryStep ORDER BY row) <= ${most} ORDER BY row`,
  );
  const at = <T>(column: number, i: number) => rows.at<T | null>(column)[i] ?? null;
  for (let i = 0; i < rows.count; i++) {
    const steps = found.get(layout.runs.nameOf(at<number>(0, i) ?? -1))?.steps;
    const step = at<number>(1, i) ?? 0;
    const ofStep: StepRow[] = steps?.get(step) ?? [];
    steps?.set(step, ofStep);
    ofStep.push({
      row: at<number>(2, i) ?? 0,
      attempt: at<number>(3, i) ?? 1,
      time: at<number>(4, i) ?? 0,
      cells: columns.map((_, c) => at<number>(KEYS + c, i)),
    });
  }
  return found;
}
