import type { Adoption } from '../sortChanges';
import type { Layout, TableLayout } from './Layout';
import type { Publish } from './placeColumns';
import { DERIVED } from './schema';

/** Runs that a commit deletes: their keys, and the tables that have rows of them. */
interface DeletedRuns {
  keys: number[];
  tables: TableLayout[];
}

/** Takes back the keys of deleted runs, before new ones of the same names get theirs. */
export function forgetRuns(layout: Layout, ids: readonly string[], publish: Publish[]): DeletedRuns {
  const keys = ids.flatMap((id) => layout.runs.find(id) ?? []);
  for (const id of ids) {
    layout.runs.remove(id);
  }
  const tables = [...layout.tables.values()].filter(({ byRun }) => keys.some((key) => byRun.has(key)));
  publish.push(() => {
    for (const table of tables) {
      for (const key of keys) {
        layout.setColumns(table, key, []);
      }
    }
    for (const key of keys) {
      layout.labels.forget(key);
    }
  });
  return { keys, tables };
}

/**
 * A script that deletes all that was written of some runs. `lastRow`: no row up to it, and no position, is ever given out
 * again.
 */
export function deletionSql({ keys, tables }: DeletedRuns, position: number, lastRow: number): string {
  if (keys.length === 0) {
    return '';
  }
  const kept = tables.flatMap(({ key }) => [`rows_${key}`, `texts_${key}`]);
  const derived = DERIVED.filter((table) => table !== 'rolled');
  const all = ['points', ...derived, 'events', 'batches', 'notes', 'labels', 'labelled', 'columns', 'runs', ...kept];
  return [
    // The newest row may be among them.
    `UPDATE ends SET position = ${position}, row = ${lastRow};`,
    ...all.map((table) => `DELETE FROM ${table} WHERE run IN (${keys.join(', ')});`),
  ].join('\n');
}

/** A script that moves rows of earlier commits to later attempts: a statement a table, where no run goes back twice. */
export function adoptionSql(layout: Layout, adoptions: readonly Adoption[]): string {
  const script: string[] = [];
  const waiting = new Map<TableLayout, Adoption[]>();
  for (const one of adoptions) {
    const table = layout.table(one.table);
    if (table) {
      const all = waiting.get(table) ?? [];
      waiting.set(table, all);
      all.push(one);
    }
  }
  for (const [table, all] of waiting) {
    for (let left = all; left.length > 0; ) {
      const firstOfRun = new Map(left.toReversed().map((one) => [one.run, one]));
      const now = [...firstOfRun.values()];
      left = left.filter((one) => firstOfRun.get(one.run) !== one);
      const list = (pick: (one: Adoption) => number | undefined) => `unnest([${now.map(pick).join(', ')}]::BIGINT[])`;
      script.push(
        `UPDATE rows_${table.key} SET attempt = adopted.attempt
         FROM (SELECT ${list(({ run }) => layout.runs.keyOf(run))} AS run, ${list(({ attempt }) => attempt)} AS attempt,
                      ${list(({ fromRow }) => fromRow)} AS fromRow, ${list(({ step }) => step)} AS step) adopted
         WHERE rows_${table.key}.run = adopted.run AND row >= adopted.fromRow AND entryStep = adopted.step;`,
      );
    }
  }
  return script.join('\n');
}
