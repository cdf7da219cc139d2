import { chosenSteps, LENS_RULES, type Lens, POLICY_AGE, SUSPICIONS_COLUMN } from '@rolloscope/contract';
import type { LensQuery, RowQuery, RunScope } from '../../EngineReads';
import type { Layout } from '../Layout';
import { numberSql, type SelectedColumn, scoreSql, selectColumns, textSql } from './columnSql';
import { SQUARE_LIMIT } from './pointsSql';
import type { OrderTerm, SelectedRows } from './SelectedRows';
import { rowScopeSql } from './scopeSql';

/** What lenses look at: a column of `selected`, the selection before its lens, for each. */
type Look =
  | 'score'
  | 'groupKey'
  | 'promptKey'
  | 'isRight'
  | 'chars'
  | 'age'
  | 'repeated'
  | 'original'
  | 'isCut'
  | 'labelledAt'
  | 'verdicts'
  | 'signs'
  | 'parts';

/** A lens as SQL: `rows` gives `lensRow`, and `order1`, `order2`, … to order by. */
interface LensSql {
  looks: Look[];
  /** Further relations that `rows` reads, in order; equal names are the same. */
  with?: Record<string, string>;
  rows: string;
  order: string[];
}

const { end, partsApart, repetition, rightReward } = LENS_RULES;

/** A selection narrowed by a lens, in the lens's order. */
export function applyLens(layout: Layout, query: RowQuery, lens: LensQuery, base: SelectedRows): SelectedRows {
  if (lens.name === 'newest') {
    const looks = looksOf(lens, base.columns);
    const order: OrderTerm[] = [
      { sql: 'step', how: 'DESC NULLS LAST' },
      { sql: looks.groupKey, how: 'ASC NULLS LAST' },
      { sql: looks.score, how: 'ASC NULLS LAST' },
    ];
    return { ...base, order };
  }
  const sql = lensSql(layout, query, lens, base);
  const found = `${withSql(lens, base, sql.looks, sql.with)} ${sql.rows}`;
  return {
    ...base,
    from: `(SELECT logged.*, found.* FROM ${base.from} logged JOIN (${found}) found ON logged.row = found.lensRow)`,
    where: 'true',
    order: sql.order.map((how, i) => ({ sql: `order${i + 1}`, how: `${how} NULLS LAST` })),
  };
}

/** One statement that counts the rows of several lenses: a column each. */
export function lensCountsSql(layout: Layout, query: RowQuery, lenses: readonly LensQuery[], base: SelectedRows) {
  const all = lenses.map(
    (lens): LensSql =>
      lens.name === 'newest'
        ? { looks: [], rows: 'SELECT row FROM selected', order: [] }
        : lensSql(layout, query, lens, base),
  );
  const [first] = lenses;
  const looks = [...new Set(all.flatMap((one) => one.looks))];
  const relations: Record<string, string> = {};
  for (const [name, select] of all.flatMap((one) => Object.entries(one.with ?? {}))) {
    // Two lenses that mean different things by one name would count each other's rows.
    if ((relations[name] ?? select) !== select) {
      throw new Error(`Two lenses have different relations by the name ${name}.`);
    }
    relations[name] = select;
  }
  const counts = all.map(({ rows }) => `(SELECT count(*) FROM (${rows}))::DOUBLE`);
  return first && `${withSql(first, base, looks, relations)} SELECT ${counts.join(', ')}`;
}

function withSql(lens: LensQuery, base: SelectedRows, looks: readonly Look[], relations: Record<string, string> = {}) {
  const sql = looksOf(lens, base.columns);
  const columns = looks.flatMap((look) =>
    look === 'parts' ? sql.parts.map((part, i) => `${part} AS part${i}`) : `${sql[look]} AS ${look}`,
  );
  const selected = `SELECT ${['row', 'run', 'step', ...columns].join(', ')} FROM ${base.from} WHERE ${base.where}`;
  const all = Object.entries({ selected, ...relations }).map(([name, select]) => `${name} AS MATERIALIZED (${select})`);
  return `WITH ${all.join(', ')}`;
}

/** Each look as an expression over a table's columns. */
export function looksOf({ columns: named }: Pick<LensQuery, 'columns'>, columns: readonly SelectedColumn[]) {
  const number = (name: string | undefined) => {
    const sql = numberSql(columns, name);
    return `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
  };
  // As texts: a column may be logged under any name, as one that is derived has, and with any types.
  const text = (name: string | undefined) => {
    const column = columns.find((one) => one.name === name);
    return column ? textSql(column) : 'NULL';
  };
  const scored = scoreSql(columns, named.reward);
  const score = `CASE WHEN isfinite(${scored}) THEN ${scored} END`;
  const besideOf = (name: string) => columns.find((one) => one.name === name)?.beside;
  // Booleans, finite numbers and texts such as "True" all say yes or no; to DuckDB NaN is above 0.5.
  const says = (name: string) =>
    `coalesce(${number(name)} > 0.5, TRY_CAST(${text(besideOf(name) ?? name)} AS BOOLEAN))`;
  const promptKey = text('promptHash');
  return {
    score,
    groupKey: `coalesce(${text(named.groupId)}, ${promptKey})`,
    promptKey,
    isRight: `(${named.correct ? says(named.correct) : `${score} > ${rightReward}`})::INTEGER`,
    chars: number('chars'),
    age: number(POLICY_AGE),
    signs: text(SUSPICIONS_COLUMN),
    repeated: number('repetition'),
    original: text('duplicateOf'),
    isCut: `(coalesce(${named.truncated ? says(named.truncated) : 'false'}, false) OR ${says('thinkClosed')} IS FALSE)`,
    labelledAt: number('labelTime'),
    verdicts: number('labelVerdicts'),
    parts: named.parts.map(number),
  };
}

function lensSql(layout: Layout, query: RowQuery, lens: LensQuery, base: SelectedRows): LensSql {
  switch (lens.name) {
    case 'newest':
      throw new Error('It narrows nothing.');
    case 'worst':
      return outermost('score', 'lowest');
    case 'best':
      return outermost('score', 'highest');
    case 'longest':
      return outermost('chars', 'highest');
    case 'stalest':
      return outermost('age', 'highest', 'age > 0');
    case 'spread':
      return spread();
    case 'newlyWrong':
    case 'newlyRight':
    case 'baselineWrong':
    case 'baselineRight':
      return changed(layout, query, lens, base, lens.name);
    case 'disagree':
      return disagree(lens.columns.parts.length);
    case 'truncated':
      return {
        looks: ['isCut', 'chars'],
        rows: 'SELECT row AS lensRow, chars AS order1 FROM selected WHERE isCut',
        order: ['DESC'],
      };
    case 'labelled':
      return {
        looks: ['labelledAt'],
        rows: 'SELECT row AS lensRow, labelledAt AS order1 FROM selected WHERE labelledAt IS NOT NULL',
        order: ['DESC'],
      };
    case 'disputed':
      return {
        looks: ['labelledAt', 'verdicts'],
        rows: 'SELECT row AS lensRow, verdicts AS order1, labelledAt AS order2 FROM selected WHERE verdicts > 1',
        order: ['DESC', 'DESC'],
      };
    case 'repetitive':
      return {
        looks: ['repeated'],
        rows: `SELECT row AS lensRow, repeated AS order1 FROM selected WHERE repeated >= ${repetition}`,
        order: ['DESC'],
      };
    case 'suspicious':
      return {
        looks: ['signs', 'score'],
        rows: `SELECT row AS lensRow, length(signs) - length(replace(signs, ',', '')) AS order1, score AS order2
               FROM selected WHERE signs <> ''`,
        order: ['DESC', 'DESC'],
      };
    case 'duplicates':
      return {
        looks: ['original'],
        rows: `SELECT row AS lensRow, count(*) OVER (PARTITION BY run, original) AS order1, original AS order2 FROM selected
               WHERE original IS NOT NULL`,
        order: ['DESC', 'ASC'],
      };
  }
}

/** @param also what else must hold, whatever the others are */
function outermost(look: 'score' | 'chars' | 'age', which: 'lowest' | 'highest', also = 'true'): LensSql {
  // The highest as the lowest of the opposites, so that both ends are cut alike.
  const depth = which === 'lowest' ? look : `-${look}`;
  return {
    looks: [look],
    rows: `SELECT row AS lensRow, ${look} AS order1, step AS order2 FROM selected
           WHERE ${depth} <= (SELECT quantile_disc(${depth}, ${end}) FROM selected) AND ${also}`,
    order: [which === 'lowest' ? 'ASC' : 'DESC', 'DESC'],
  };
}

function spread(): LensSql {
  return {
    looks: ['score', 'groupKey'],
    with: {
      spreads: `SELECT run, step, groupKey, stddev_pop(score) FILTER (abs(score) < ${SQUARE_LIMIT}) AS sd, min(row) AS first
                FROM selected WHERE score IS NOT NULL AND groupKey IS NOT NULL
                GROUP BY run, step, groupKey HAVING min(score) < max(score)`,
    },
    // A hair below the bound: the same rewards in another order give a sum that differs in its last digits.
    rows: `SELECT selected.row AS lensRow, sd AS order1, first AS order2, score AS order3
           FROM selected JOIN spreads ON selected.run = spreads.run AND selected.groupKey = spreads.groupKey
             AND selected.step IS NOT DISTINCT FROM spreads.step
           WHERE -sd <= (SELECT quantile_disc(-sd, ${end}) FROM spreads) * (1 - 1e-9)`,
    order: ['DESC', 'ASC', 'ASC'],
  };
}

/** Rows of prompts that were right and are wrong, or the other way round: before, or in the baseline. */
function changed(
  layout: Layout,
  query: RowQuery,
  lens: LensQuery,
  base: SelectedRows,
  name: Extract<Lens, `${string}Wrong` | `${string}Right`>,
): LensSql {
  const ofBaseline = name.startsWith('baseline');
  // Before is not in the selection, which may be one step: it is in all that the run has logged. Where steps are chosen
  // one by one, such as a reference and now, it is among those.
  const chosen = chosenSteps(query.filter ?? [], 'step');
  const shares = (scopes: RunScope[]) => {
    const columns = selectColumns(
      layout,
      base.table,
      scopes.map(({ run }) => run),
    );
    const { isRight, promptKey } = looksOf(lens, columns);
    const all = [
      ...rowScopeSql(layout, base.table.key, { scopes, position: query.position }),
      ...(chosen && !ofBaseline ? [`step IN (${chosen.join(', ')})`] : []),
    ].join(' AND ');
    return `SELECT run, step, promptKey, avg(isRight) AS share FROM
            (SELECT run, step, ${promptKey} AS promptKey, ${isRight} AS isRight FROM rows_${base.table.key} WHERE ${all})
            WHERE isRight IS NOT NULL AND promptKey IS NOT NULL AND step IS NOT NULL GROUP BY run, step, promptKey`;
  };
  const toWrong = name.endsWith('Wrong');
  const [was, is] = toWrong ? ['> 0.5', '<= 0.5'] : ['<= 0.5', '> 0.5'];
  const compared = ofBaseline ? 'changedFromBaseline' : 'changedFromBefore';
  const own = chosen && !ofBaseline ? 'sharesOfChosen' : 'shares';
  const pairs = lens.baselines
    .map(({ run, scope }) => `(${layout.runs.find(run) ?? 'NULL'}, ${layout.runs.find(scope.run) ?? 'NULL'})`)
    .join(', ');
  const relations: Record<string, string> = {
    [own]: shares(query.scopes),
    ...(ofBaseline
      ? {
          baselineShares: shares(lens.baselines.map(({ scope }) => scope)),
          [compared]: `SELECT paired.run, paired.step, paired.promptKey, paired.share, baselineShares.share AS before
            FROM (SELECT ${own}.*, baseline FROM ${own} JOIN (VALUES ${pairs}) pairs(run, baseline) USING (run)) paired
            ASOF JOIN baselineShares ON paired.baseline = baselineShares.run
              AND paired.promptKey = baselineShares.promptKey AND paired.step >= baselineShares.step`,
        }
      : { [compared]: `SELECT *, lag(share) OVER (PARTITION BY run, promptKey ORDER BY step) AS before FROM ${own}` }),
  };
  return {
    looks: ['score', 'promptKey', 'isRight'],
    with: relations,
    rows: `SELECT selected.row AS lensRow, selected.step AS order1, selected.promptKey AS order2, score AS order3
           FROM selected JOIN ${compared} USING (run, step, promptKey)
           WHERE before ${was} AND share ${is} AND isRight = ${toWrong ? 0 : 1}`,
    order: ['DESC', 'ASC', 'ASC'],
  };
}

function disagree(count: number): LensSql {
  const parts = Array.from({ length: count }, (_, i) => i);
  const scaled = parts.map((i) => `(part${i} - low${i}) / nullif(high${i} - low${i}, 0)`).join(', ');
  const ends = parts.map((i) => `min(part${i}) AS low${i}, max(part${i}) AS high${i}`).join(', ');
  return {
    looks: ['parts'],
    with: { ends: `SELECT ${ends} FROM selected` },
    rows: `SELECT row AS lensRow, apart AS order1 FROM
           (SELECT row, greatest(${scaled}) - least(${scaled}) AS apart FROM selected, ends) WHERE apart >= ${partsApart}`,
    order: ['DESC'],
  };
}
