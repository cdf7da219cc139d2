import { LABEL_COLUMNS, type LabelColumn } from '@rolloscope/contract';
import type { RowQuery } from '../../EngineReads';
import type { Layout, TableLayout } from '../Layout';
import type { SelectedColumn } from './columnSql';
import { num } from './scopeSql';

/*
 * What people say of rollouts, as columns of a table. Each is an expression that looks it up for a row: so only statements
 * that name one of them pay for it, and where nobody said anything it is a null.
 */

/** What each column is of the newest labels of a rollout's people. */
const OF_PEOPLE: Readonly<Record<LabelColumn, string>> = {
  labelStars: 'nullif(count(*) FILTER (star), 0)::DOUBLE',
  labelVerdict: 'arg_max(verdict, place) FILTER (verdict IS NOT NULL)',
  labelVerdicts: 'nullif(count(DISTINCT verdict), 0)::DOUBLE',
  labelComment: 'arg_max(comment, place) FILTER (comment IS NOT NULL)',
  labelPeople: "string_agg(person, ', ' ORDER BY place)",
  labelTime: 'max(time)::DOUBLE',
};
const SQL_OF = { number: 'NULL::DOUBLE', string: 'NULL::VARCHAR' } as const;

/** SQL of one value a labelled row, `labelledRow` and `said`, as of a moment. */
function saidSql(sql: string, runs: readonly number[], table: number, position: number): string {
  const newest = `SELECT run, rollout, person, star, verdict, comment, time, {'at': position, 'seq': rowid} AS place
    FROM labels WHERE run IN (${runs.join(', ')}) AND tbl = ${table} AND position <= ${num(position)}
    QUALIFY row_number() OVER (PARTITION BY run, rollout, person ORDER BY version DESC) = 1`;
  return `SELECT labelled.row AS labelledRow, ${sql} AS said
    FROM labelled JOIN (${newest}) newest ON labelled.run = newest.run AND labelled.rollout = newest.rollout
    WHERE labelled.tbl = ${table} AND (star OR verdict IS NOT NULL OR comment IS NOT NULL) GROUP BY labelled.row`;
}

/** A table's columns, and those of labels; a logged one keeps its name. */
export function withLabelColumns(
  layout: Layout,
  { key }: TableLayout,
  { scopes, position }: Pick<RowQuery, 'scopes' | 'position'>,
  columns: SelectedColumn[],
): SelectedColumn[] {
  const runs = scopes.flatMap(({ run }) => layout.runs.find(run) ?? []).filter((run) => layout.labels.has(run, key));
  const taken = new Set(columns.map(({ name }) => name));
  const free = (Object.keys(LABEL_COLUMNS) as LabelColumn[]).filter((name) => !taken.has(name));
  return [
    ...columns,
    ...free.map((name): SelectedColumn => {
      const type = LABEL_COLUMNS[name];
      const said =
        runs.length === 0
          ? SQL_OF[type]
          : `(SELECT said FROM (${saidSql(OF_PEOPLE[name], runs, key, position)}) WHERE labelledRow = row)`;
      const chars = type === 'string' && { chars: `length(${said})::INTEGER` };
      return { name, type, places: [{ origin: 'label', type, physical: said, ...chars }] };
    }),
  ];
}
