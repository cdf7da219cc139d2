import { chosenSteps, LENS_RULES, type Lens, POLICY_AGE, SUSPICIONS_COLUMN } from '@rolloscope/contract';
import type { LensQuery, RowQuery, RunScope } from '../../EngineReads';
import type { Parameters } from '../Parameters';
import { NO_STEP } from '../schema';
import { numberSql, type SelectedColumn, saysSql, scoreSql, selectColumns, textSql } from './columnSql';
import type { OrderTerm, SelectedRows } from './SelectedRows';
import { rowScopeSql } from './scopeSql';
import { deviationSql, finiteSql, quantileOfSql } from './statistics';
import { columnsOfScopes, type TableView } from './TableView';

/** The columns that lenses look at, each a column of `selected`, the selection before its lens. */
type Look =
  | 'score'
  | 'groupKey'
  | 'promptKey'
  | 'isRight'
  | 'charCount'
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

/** Steps are compared where one may be none. */
const stepOf = (relation: string) => `ifNull(${relation}.step, ${NO_STEP})`;

/** A selection narrowed by a lens, in the lens's order. */
export function applyLens(query: RowQuery, lens: LensQuery, base: SelectedRows): SelectedRows {
  if (lens.name === 'newest') {
    const looks = looksOf(lens, base.columns);
    const order: OrderTerm[] = [
      { sql: 'step', how: 'DESC NULLS LAST' },
      { sql: looks.groupKey, how: 'ASC NULLS LAST' },
      { sql: looks.score, how: 'ASC NULLS LAST' },
    ];
    return { ...base, order };
  }
  const sql = lensSql(query, lens, base);
  const found = `${withSql(lens, base, sql.looks, sql.with)} ${sql.rows}`;
  return {
    ...base,
    from: `(SELECT logged.*, found.* FROM ${base.from} AS logged JOIN (${found}) AS found ON logged.row = found.lensRow)`,
    where: 'true',
    order: sql.order.map((how, i) => ({ sql: `order${i + 1}`, how: `${how} NULLS LAST` })),
  };
}

/** One statement that counts the rows of several lenses: a column each. */
export function lensCountsSql(query: RowQuery, lenses: readonly LensQuery[], base: SelectedRows): string | undefined {
  const all = lenses.map(
    (lens): LensSql =>
      lens.name === 'newest' ? { looks: [], rows: 'SELECT row FROM selected', order: [] } : lensSql(query, lens, base),
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
  const counts = all.map(({ rows }) => `(SELECT count() FROM (${rows}))`);
  return first && `${withSql(first, base, looks, relations)} SELECT ${counts.join(', ')}`;
}

function withSql(lens: LensQuery, base: SelectedRows, looks: readonly Look[], relations: Record<string, string> = {}) {
  const sql = looksOf(lens, base.columns);
  const columns = looks.flatMap((look) =>
    look === 'parts' ? sql.parts.map((part, i) => `${part} AS part${i}`) : `${sql[look]} AS ${look}`,
  );
  const selected = `SELECT ${['row', 'run', 'step', ...columns].join(', ')} FROM ${base.from} WHERE ${base.where}`;
  const all = Object.entries({ selected, ...relations }).map(([name, select]) => `${name} AS (${select})`);
  return `WITH ${all.join(', ')}`;
}

/** Makes each look an expression over a table's columns. */
export function looksOf({ columns: named }: Pick<LensQuery, 'columns'>, columns: readonly SelectedColumn[]) {
  const number = (name: string | undefined) => finiteSql(numberSql(columns, name));
  // Columns are read as texts: one may be logged under any name, as one that is derived has, and with any types.
  const text = (name: string | undefined) => {
    const column = columns.find((one) => one.name === name);
    return column ? textSql(column) : "CAST(NULL, 'Nullable(String)')";
  };
  const score = finiteSql(scoreSql(columns, named.reward));
  const besideOf = (name: string) => columns.find((one) => one.name === name)?.beside;
  // Booleans, finite numbers and texts such as "True" all say yes or no.
  const says = (name: string) => `coalesce(${number(name)} > 0.5, ${saysSql(text(besideOf(name) ?? name))})`;
  const promptKey = text('promptHash');
  return {
    score,
    groupKey: `coalesce(${text(named.groupId)}, ${promptKey})`,
    promptKey,
    isRight: named.correct ? says(named.correct) : `(${score} > ${rightReward})`,
    charCount: number('chars'),
    age: number(POLICY_AGE),
    signs: text(SUSPICIONS_COLUMN),
    repeated: number('repetition'),
    original: text('duplicateOf'),
    isCut: `(ifNull(${named.truncated ? says(named.truncated) : 'NULL'}, 0) OR ifNull(${says('thinkClosed')} = 0, 0))`,
    labelledAt: number('labelTime'),
    verdicts: number('labelVerdicts'),
    parts: named.parts.map(number),
  };
}

function lensSql(query: RowQuery, lens: LensQuery, base: SelectedRows): LensSql {
  switch (lens.name) {
    case 'newest':
      throw new Error('It narrows nothing.');
    case 'worst':
      return outermost('score', 'lowest');
    case 'best':
      return outermost('score', 'highest');
    case 'longest':
      return outermost('charCount', 'highest');
    case 'stalest':
      return outermost('age', 'highest', 'age > 0');
    case 'spread':
      return spread();
    case 'newlyWrong':
    case 'newlyRight':
    case 'baselineWrong':
    case 'baselineRight':
      return changed(query, lens, base, lens.name);
    case 'disagree':
      return disagree(lens.columns.parts.length);
    case 'truncated':
      return {
        looks: ['isCut', 'charCount'],
        rows: 'SELECT row AS lensRow, charCount AS order1 FROM selected WHERE isCut',
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
        rows: `SELECT row AS lensRow, length(signs) - length(replaceAll(signs, ',', '')) AS order1, score AS order2
               FROM selected WHERE signs != ''`,
        order: ['DESC', 'DESC'],
      };
    case 'duplicates':
      return {
        looks: ['original'],
        rows: `SELECT row AS lensRow, count() OVER (PARTITION BY run, original) AS order1, original AS order2 FROM selected
               WHERE original IS NOT NULL`,
        order: ['DESC', 'ASC'],
      };
  }
}

/** @param also what else must hold, whatever the others are */
function outermost(look: 'score' | 'charCount' | 'age', which: 'lowest' | 'highest', also = 'true'): LensSql {
  // The highest as the lowest of the opposites, so that both ends are cut alike.
  const depth = which === 'lowest' ? look : `(-${look})`;
  return {
    looks: [look],
    rows: `SELECT row AS lensRow, ${look} AS order1, step AS order2 FROM selected
           WHERE ${depth} <= (SELECT ${quantileOfSql(depth, end)} FROM selected) AND ${also}`,
    order: [which === 'lowest' ? 'ASC' : 'DESC', 'DESC'],
  };
}

function spread(): LensSql {
  return {
    looks: ['score', 'groupKey'],
    with: {
      spreads: `SELECT run, ifNull(step, ${NO_STEP}) AS stepKey, groupKey, ${deviationSql('score')} AS sd, min(row) AS firstRow
                FROM selected WHERE score IS NOT NULL AND groupKey IS NOT NULL
                GROUP BY run, stepKey, groupKey HAVING min(score) < max(score)`,
    },
    // A hair below the bound: the same rewards in another order give a sum that differs in its last digits.
    rows: `SELECT selected.row AS lensRow, sd AS order1, firstRow AS order2, score AS order3
           FROM selected JOIN spreads ON selected.run = spreads.run AND selected.groupKey = spreads.groupKey
             AND ${stepOf('selected')} = spreads.stepKey
           WHERE -sd <= (SELECT ${quantileOfSql('(-sd)', end)} FROM spreads) * (1 - 1e-9)`,
    order: ['DESC', 'ASC', 'ASC'],
  };
}

/** SQL of the share of a prompt's rollouts, at each step, that were right. */
function sharesSql(
  view: TableView,
  lens: LensQuery,
  scopes: RunScope[],
  position: number,
  also: string[],
  parameters: Parameters,
) {
  const { isRight, promptKey } = looksOf(lens, selectColumns(columnsOfScopes(view, scopes), parameters));
  const all = [...rowScopeSql(view, view.from, { scopes, position }), ...also].join(' AND ');
  return `SELECT run, assumeNotNull(step) AS step, assumeNotNull(promptKey) AS promptKey, avg(isRight) AS share FROM
          (SELECT run, step, ${promptKey} AS promptKey, ${isRight} AS isRight FROM ${view.from} WHERE ${all}) AS judged
          WHERE isRight IS NOT NULL AND promptKey IS NOT NULL AND step IS NOT NULL GROUP BY run, step, promptKey`;
}

/** Rows of prompts that were right and are wrong, or the other way round: before, or in the baseline. */
function changed(
  query: RowQuery,
  lens: LensQuery,
  { view, parameters }: SelectedRows,
  name: Extract<Lens, `${string}Wrong` | `${string}Right`>,
): LensSql {
  const ofBaseline = name.startsWith('baseline');
  // Before is not in the selection, which may be one step: it is in all that the run has logged. Where steps are chosen
  // one by one, such as a reference and now, it is among those.
  const chosen = ofBaseline ? undefined : chosenSteps(query.filter ?? [], 'step');
  const shares = (scopes: RunScope[]) =>
    sharesSql(view, lens, scopes, query.position, chosen ? [`step IN (${chosen.join(', ')})`] : [], parameters);
  const toWrong = name.endsWith('Wrong');
  const [was, is] = toWrong ? ['> 0.5', '<= 0.5'] : ['<= 0.5', '> 0.5'];
  const compared = ofBaseline ? 'changedFromBaseline' : 'changedFromBefore';
  const own = chosen ? 'sharesOfChosen' : 'shares';
  const relations: Record<string, string> = {
    [own]: shares(query.scopes),
    ...(ofBaseline
      ? baselineRelations(view, lens, own, compared, shares(lens.baselines.map(({ scope }) => scope)))
      : {
          [compared]: `SELECT run, step, promptKey, share, lagInFrame(toNullable(share), 1) OVER
            (PARTITION BY run, promptKey ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS before
            FROM ${own}`,
        }),
  };
  return {
    looks: ['score', 'promptKey', 'isRight'],
    with: relations,
    rows: `SELECT selected.row AS lensRow, selected.step AS order1, selected.promptKey AS order2, score AS order3
           FROM selected JOIN ${compared} AS compared ON selected.run = compared.run AND selected.step = compared.step
             AND selected.promptKey = compared.promptKey
           WHERE before ${was} AND share ${is} AND isRight = ${toWrong ? 0 : 1}`,
    order: ['DESC', 'ASC', 'ASC'],
  };
}

/** Shares beside those of the baseline: at the same step, or the last one before it. */
function baselineRelations(
  { runs }: TableView,
  lens: LensQuery,
  own: string,
  compared: string,
  baselineShares: string,
) {
  const pairs = lens.baselines.flatMap(({ run, scope }) => {
    const [key, baseline] = [runs.get(run), runs.get(scope.run)];
    return key === undefined || baseline === undefined ? [] : [{ key, baseline }];
  });
  const baseline =
    pairs.length === 0
      ? 'toInt64(-1)'
      : `transform(toInt64(run), [${pairs.map(({ key }) => key)}], [${pairs.map((one) => one.baseline)}], -1)`;
  return {
    baselineShares,
    [compared]: `SELECT paired.run AS run, paired.step AS step, paired.promptKey AS promptKey, paired.share AS share,
                        toNullable(other.share) AS before
      FROM (SELECT *, toInt64(${baseline}) AS baseline FROM ${own}) AS paired
      ASOF JOIN (SELECT *, toInt64(run) AS baseline FROM baselineShares) AS other ON paired.baseline = other.baseline
        AND paired.promptKey = other.promptKey AND paired.step >= other.step`,
  };
}

function disagree(count: number): LensSql {
  const parts = Array.from({ length: count }, (_, i) => i);
  const scaled = parts.map((i) => `(part${i} - low${i}) / nullIf(high${i} - low${i}, 0)`);
  const ends = parts.map((i) => `min(part${i}) AS low${i}, max(part${i}) AS high${i}`).join(', ');
  // Parts that say nothing are passed over, where the built-in greatest of several would be none.
  const apart = `arrayMax(told) - arrayMin(told)`;
  return {
    looks: ['parts'],
    with: { partEnds: `SELECT ${ends} FROM selected` },
    rows: `SELECT row AS lensRow, apart AS order1 FROM
           (SELECT row, ${apart} AS apart FROM
             (SELECT row, arrayMap(x -> assumeNotNull(x), arrayFilter(x -> x IS NOT NULL, [${scaled.join(', ')}])) AS told
              FROM selected CROSS JOIN partEnds) AS scaled
            WHERE notEmpty(told)) AS measured
           WHERE apart >= ${partsApart}`,
    order: ['DESC'],
  };
}
