import type { RowsAtSteps, StepRow } from '../../Engine';
import { Parameters } from '../Parameters';
import { deadSql } from './scopeSql';
import type { Reading } from './TableView';

export interface StepsAsk {
  table: string;
  /** Steps, by run. */
  asked: ReadonlyMap<string, readonly number[]>;
  columns: readonly string[];
  /** Rows of each step. */
  most: number;
}

/** Columns before those that were asked for. */
const KEYS = 5;

/** Reads rows of a table at some steps, by run, with the attempts that logged them, in two statements for all. */
export async function readRowsAtSteps(
  { server, catalogue }: Reading,
  { table, asked, columns, most }: StepsAsk,
): Promise<Map<string, RowsAtSteps>> {
  const found = new Map<string, RowsAtSteps>();
  const ids = [...asked.keys()];
  const [keys, runs, having, { dead }] = await Promise.all([
    catalogue.tableKeys([table]),
    catalogue.runKeys(ids),
    catalogue.columnsOf(ids, table),
    catalogue.moment(),
  ]);
  const there = [...runs].filter(([run]) => having.get(table)?.has(run));
  const key = keys.get(table);
  if (key === undefined || there.length === 0) {
    return found;
  }
  const idOf = new Map(there.map(([run, one]) => [one, run]));
  const wanted = [`tableKey = ${key}`, `run IN (${[...idOf.keys()].join(', ')})`, ...deadSql(dead)].join(' AND ');
  const highest = await server.read(`SELECT run, max(entryStep) FROM rows WHERE ${wanted} GROUP BY run`);
  const ends = new Map(highest.at<number>(0).map((run, i) => [run, highest.at<number | null>(1)[i] ?? null]));
  for (const [run, one] of there) {
    found.set(run, { highest: ends.get(one) ?? null, steps: new Map() });
  }
  const pairs = there.flatMap(([run, one]) => (asked.get(run) ?? []).map((step) => `(${one}, ${step})`));
  if (pairs.length === 0) {
    return found;
  }
  const parameters = new Parameters();
  const cells = columns.map((column) => {
    const name = parameters.text(column);
    return `, if(mapContains(numbers, ${name}), numbers[${name}], NULL)`;
  });
  const rows = await server.read(
    `SELECT run, entryStep, row, attempt, time${cells.join('')} FROM rows
     WHERE ${wanted} AND step = entryStep AND (run, assumeNotNull(entryStep)) IN (${pairs.join(', ')}) ORDER BY row LIMIT ${most} BY run, entryStep`,
    parameters,
  );
  const values = columns.map((_, c) => rows.numbers<number | null>(KEYS + c));
  const at = (column: number, i: number) => rows.at<number>(column)[i] ?? 0;
  for (let i = 0; i < rows.count; i++) {
    const steps = found.get(idOf.get(at(0, i)) ?? '')?.steps;
    const ofStep: StepRow[] = steps?.get(at(1, i)) ?? [];
    steps?.set(at(1, i), ofStep);
    ofStep.push({
      ...{ row: at(2, i), attempt: at(3, i), time: at(4, i) },
      cells: values.map((column) => column[i] ?? null),
    });
  }
  return found;
}
