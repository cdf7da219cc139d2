import { LENS_RULES, POLICY_AGE, type RowValue, SUSPICIONS_COLUMN } from '@rolloscope/contract';
import type { LensColumns } from '../../EngineReads';
import { numberSql, type SelectedColumn, scoreSql, textSql } from './columnSql';

/** Each value that lenses go by as an expression over a table's columns; `parts` are those that `apart` is worked out of. */
export function lensValues(
  named: LensColumns,
  columns: readonly SelectedColumn[],
): Record<Exclude<RowValue, 'apart'>, string> & { parts: string[] } {
  const finite = (sql: string) => `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
  const number = (name: string) => finite(numberSql(columns, name));
  // Columns are read as texts: one may be logged under any name, as one that is derived has, and with any types.
  const text = (name: string | undefined) => {
    const column = columns.find((one) => one.name === name);
    return column ? textSql(column) : 'NULL';
  };
  const score = finite(scoreSql(columns, named.reward));
  const besideOf = (name: string) => columns.find((one) => one.name === name)?.beside;
  // Booleans, finite numbers and texts such as "True" all say yes or no; to DuckDB NaN is above 0.5.
  const says = (name: string) =>
    `coalesce(${number(name)} > 0.5, TRY_CAST(${text(besideOf(name) ?? name)} AS BOOLEAN))`;
  const promptKey = text('promptHash');
  const signs = text(SUSPICIONS_COLUMN);
  return {
    step: 'step',
    score,
    groupKey: `coalesce(${text(named.groupId)}, ${promptKey})`,
    promptKey,
    isRight: `(${named.correct ? says(named.correct) : `${score} > ${LENS_RULES.rightReward}`})::INTEGER`,
    isCut: `(coalesce(${named.truncated ? says(named.truncated) : 'false'}, false) OR ${says('thinkClosed')} IS FALSE)::INTEGER`,
    chars: number('chars'),
    age: number(POLICY_AGE),
    repetition: number('repetition'),
    signs: `CASE WHEN ${signs} <> '' THEN length(${signs}) - length(replace(${signs}, ',', '')) + 1 END`,
    original: text('duplicateOf'),
    labelTime: number('labelTime'),
    verdicts: number('labelVerdicts'),
    parts: named.parts.map(number),
  };
}
