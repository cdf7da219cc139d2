import { LABEL_COLUMNS, type LabelColumn, LENS_PLANS } from '@rolloscope/contract';
import { conditionsOf } from '@rolloscope/contract/conditions';
import type { RowQuery } from '../../EngineReads';
import type { Layout, TableLayout } from '../Layout';
import type { SelectedColumn } from './columnSql';
import { num } from './scopeSql';

/*
 * Labels, which people give rollouts, are columns of a table here. Each is an expression that looks it up for a row: so
 * only statements that name one of them pay for it, and where nobody said anything it is a null.
 */

/** SQL of each label column, over the newest labels of a rollout's people. */
const OF_PEOPLE: Readonly<Record<LabelColumn, string>> = {
  labelStars: 'nullif(count(*) FILTER (star), 0)::DOUBLE',
  labelVerdict: 'arg_max(verdict, place) FILTER (verdict IS NOT NULL)',
  labelVerdicts: 'nullif(count(DISTINCT verdict), 0)::DOUBLE',
  labelComment: 'arg_max(comment, place) FILTER (comment IS NOT NULL)',
  labelPeople: "string_agg(person, ', ' ORDER BY place)",
  labelTime: 'max(time)::DOUBLE',
};
const SQL_OF = { number: 'NULL::DOUBLE', string: 'NULL::VARCHAR' } as const;

/** Returns the name under which a joined relation has what people said. */
const joinedName = (name: LabelColumn) => `said_${name}`;

/** SQL of values a labelled row, as of a moment. */
function saidSql(values: string, runs: readonly number[], table: number, position: number): string {
  const newest = `SELECT run, rollout, person, star, verdict, comment, time, {'at': position, 'seq': rowid} AS place
    FROM labels WHERE run IN (${runs.join(', ')}) AND tbl = ${table} AND position <= ${num(position)}
    QUALIFY row_number() OVER (PARTITION BY run, rollout, person ORDER BY version DESC) = 1`;
  return `SELECT labelled.row AS said_row, ${values}
    FROM labelled JOIN (${newest}) newest ON labelled.run = newest.run AND labelled.rollout = newest.rollout
    WHERE labelled.tbl = ${table} AND (star OR verdict IS NOT NULL OR comment IS NOT NULL) GROUP BY labelled.row`;
}

/** A table's columns with those of labels, and how a relation of its rows gets these; a logged one keeps its name. */
export function withLabelColumns(
  layout: Layout,
  { key }: TableLayout,
  { scopes, position }: Pick<RowQuery, 'scopes' | 'position'>,
  columns: SelectedColumn[],
): { columns: SelectedColumn[]; joinLabels?: (from: string) => string } {
  const runs = scopes.flatMap(({ run }) => layout.runs.find(run) ?? []).filter((run) => layout.labels.has(run, key));
  const taken = new Set(columns.map(({ name }) => name));
  const free = (Object.keys(LABEL_COLUMNS) as LabelColumn[]).filter((name) => !taken.has(name));
  const all = free.map((name): SelectedColumn => {
    const type = LABEL_COLUMNS[name];
    const said =
      runs.length === 0
        ? SQL_OF[type]
        : `(SELECT said FROM (${saidSql(`${OF_PEOPLE[name]} AS said`, runs, key, position)}) WHERE said_row = row)`;
    const chars = type === 'string' && { chars: `length(${said})::INTEGER` };
    return { name, type, places: [{ origin: 'label', type, physical: said, ...chars }] };
  });
  if (runs.length === 0) {
    return { columns: [...columns, ...all] };
  }
  const values = free.map((name) => `${OF_PEOPLE[name]} AS ${joinedName(name)}`).join(', ');
  const joinLabels = (from: string) =>
    `(SELECT * FROM ${from} LEFT JOIN (${saidSql(values, runs, key, position)}) said ON said_row = row)`;
  return { columns: [...columns, ...all], ...(free.length > 0 && { joinLabels }) };
}

/**
 * Columns as a relation has them that was joined with labels: of many rows that is ten times as fast as to look each up,
 * which is what all other statements do.
 */
export const joinedColumns = (columns: readonly SelectedColumn[]): SelectedColumn[] =>
  columns.map((column) =>
    isOfLabels(column)
      ? {
          ...column,
          places: column.places.map((place) => {
            const physical = joinedName(column.name as LabelColumn);
            return { ...place, physical, ...(place.chars && { chars: `length(${physical})::INTEGER` }) };
          }),
        }
      : column,
  );

export const isOfLabels = (column: SelectedColumn | undefined): boolean =>
  column?.places.some(({ origin }) => origin === 'label') === true;

/** Tells whether a selection itself goes by labels. */
export function asksForLabels({ filter = [], lens }: Pick<RowQuery, 'filter' | 'lens'>): boolean {
  const named = new Set<string>(Object.keys(LABEL_COLUMNS));
  const plan = lens && LENS_PLANS[lens.name];
  return (
    filter.some((part) => conditionsOf(part).some(({ column }) => named.has(column))) ||
    [...(plan?.where ?? []), ...(plan?.orderBy ?? [])].some(
      ({ column }) => column === 'labelTime' || column === 'verdicts',
    )
  );
}
