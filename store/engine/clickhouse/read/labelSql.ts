import { LABEL_COLUMNS, type LabelColumn } from '@rolloscope/contract';
import type { LabelEntry } from '../../EngineReads';
import type { Parameters } from '../Parameters';
import type { SelectedColumn } from './columnSql';
import { rolloutSql } from './rolloutSql';
import type { TableView } from './TableView';

/*
 * Labels, which people give rollouts, are columns of a table here. Each is an expression that looks it up for a row: so
 * only statements that name one of them pay for it, and where nobody said anything it is a null.
 */

/** The value of each label column, from the newest labels of a rollout's people in the order of their commits. */
const OF_PEOPLE: Readonly<Record<LabelColumn, (labels: readonly LabelEntry[]) => string | number | null>> = {
  labelStars: (labels) => labels.filter(({ star }) => star).length || null,
  labelVerdict: (labels) => labels.findLast(({ verdict }) => verdict !== null)?.verdict ?? null,
  labelVerdicts: (labels) => new Set(labels.flatMap(({ verdict }) => verdict ?? [])).size || null,
  labelComment: (labels) => labels.findLast(({ comment }) => comment !== null)?.comment ?? null,
  labelPeople: (labels) => labels.map(({ person }) => person).join(', '),
  labelTime: (labels) => Math.max(...labels.map(({ time }) => time)),
};
const NOTHING = { number: "CAST(NULL, 'Nullable(Float64)')", string: "CAST(NULL, 'Nullable(String)')" } as const;

/** A table's columns, and those of labels; a logged one keeps its name. */
export function withLabelColumns(
  { labelled, runs, byRun }: TableView,
  columns: SelectedColumn[],
  parameters: Parameters,
): SelectedColumn[] {
  const taken = new Set(columns.map(({ name }) => name));
  const free = (Object.keys(LABEL_COLUMNS) as LabelColumn[]).filter((name) => !taken.has(name));
  const said = labelled.filter(({ run, labels }) => runs.has(run) && labels.length > 0);
  const ids = said.map(({ run, key }) => `${runs.get(run)} ${key}`);
  const keys = new Map([...new Set(said.map(({ run }) => run))].map((run) => [run, runs.get(run)]));
  const rollouts = [...keys].map(([run, key]) => `run = ${key}, ${rolloutSql(byRun.get(run) ?? [], parameters)}`);
  const place =
    said.length === 0
      ? '0'
      : `transform(concat(toString(run), ' ', multiIf(${rollouts.join(', ')}, '')), ${parameters.texts(ids)},
           ${parameters.integers(ids.map((_, i) => i + 1))}, toInt64(0))`;
  return [
    ...columns,
    ...free.map((name): SelectedColumn => {
      const type = LABEL_COLUMNS[name];
      const values = said.map(({ labels }) => OF_PEOPLE[name](labels));
      const list =
        type === 'number'
          ? parameters.numbers(values as (number | null)[])
          : parameters.nullableTexts(values as (string | null)[]);
      const sql = said.length === 0 ? NOTHING[type] : `${list}[${place}]`;
      return { name, type, places: [{ origin: 'label', type, sql, chars: `lengthUTF8(${sql})`, whole: sql }] };
    }),
  ];
}
