import { LENS_RULES, type Lens, POLICY_AGE } from '@rolloscope/contract';
import type { LensQuery, RowQuery, RunScope } from '../../EngineReads';
import type { Layout } from '../Layout';
import { numberSql, type SelectedColumn, scoreSql, selectColumns, textSql } from './columnSql';
import { SQUARE_LIMIT } from './pointsSql';
import type { OrderTerm, SelectedRows } from './SelectedRows';
import { rowScopeSql } from './scopeSql';

/** What lenses look at: a column of `b`, the selection before its lens, for each. */
type Look = 'v' | 'k' | 'h' | 'ok' | 'chars' | 'age' | 'repeated' | 'original' | 'isCut' | 'parts';

/** A lens as SQL: `rows` gives `l_row`, and `l1`, `l2`, … to order by. */
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
      { sql: looks.k, how: 'ASC NULLS LAST' },
      { sql: looks.v, how: 'ASC NULLS LAST' },
    ];
    return { ...base, order };
  }
  const sql = lensSql(layout, query, lens, base);
  const found = `${withSql(lens, base, sql.looks, sql.with)} ${sql.rows}`;
  return {
    ...base,
    from: `(SELECT t.*, l.* FROM ${base.from} t JOIN (${found}) l ON t.row = l.l_row)`,
    where: 'true',
    order: sql.order.map((how, i) => ({ sql: `l${i + 1}`, how: `${how} NULLS LAST` })),
  };
}

/** One statement that counts the rows of several lenses: a column each. */
export function lensCountsSql(layout: Layout, query: RowQuery, lenses: readonly LensQuery[], base: SelectedRows) {
  const all = lenses.map(
    (lens): LensSql =>
      lens.name === 'newest' ? { looks: [], rows: 'SELECT row FROM b', order: [] } : lensSql(layout, query, lens, base),
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
    look === 'parts' ? sql.parts.map((part, i) => `${part} AS p${i}`) : `${sql[look]} AS ${look}`,
  );
  const b = `SELECT ${['row', 'run', 'step', ...columns].join(', ')} FROM ${base.from} WHERE ${base.where}`;
  const all = Object.entries({ b, ...relations }).map(([name, select]) => `${name} AS MATERIALIZED (${select})`);
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
  const score = scoreSql(columns, named.reward);
  const v = `CASE WHEN isfinite(${score}) THEN ${score} END`;
  const besideOf = (name: string) => columns.find((one) => one.name === name)?.beside;
  // Booleans, numbers and texts such as "True" all say yes or no.
  const says = (name: string) =>
    `coalesce(${numberSql(columns, name)} > 0.5, TRY_CAST(${text(besideOf(name) ?? name)} AS BOOLEAN))`;
  const h = text('promptHash');
  return {
    v,
    k: `coalesce(${text(named.groupId)}, ${h})`,
    h,
    ok: `(${named.correct ? says(named.correct) : `${v} > ${rightReward}`})::INTEGER`,
    chars: number('chars'),
    age: number(POLICY_AGE),
    repeated: number('repetition'),
    original: text('duplicateOf'),
    isCut: `(coalesce(${named.truncated ? says(named.truncated) : 'false'}, false) OR ${says('thinkClosed')} IS FALSE)`,
    parts: named.parts.map(number),
  };
}

function lensSql(layout: Layout, query: RowQuery, lens: LensQuery, base: SelectedRows): LensSql {
  switch (lens.name) {
    case 'newest':
      throw new Error('It narrows nothing.');
    case 'worst':
      return outermost('v', 'lowest');
    case 'best':
      return outermost('v', 'highest');
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
        rows: 'SELECT row AS l_row, chars AS l1 FROM b WHERE isCut',
        order: ['DESC'],
      };
    case 'repetitive':
      return {
        looks: ['repeated'],
        rows: `SELECT row AS l_row, repeated AS l1 FROM b WHERE repeated >= ${repetition}`,
        order: ['DESC'],
      };
    case 'duplicates':
      return {
        looks: ['original'],
        rows: `SELECT row AS l_row, count(*) OVER (PARTITION BY run, original) AS l1, original AS l2 FROM b
               WHERE original IS NOT NULL`,
        order: ['DESC', 'ASC'],
      };
  }
}

/** @param also what else must hold, whatever the others are */
function outermost(look: 'v' | 'chars' | 'age', which: 'lowest' | 'highest', also = 'true'): LensSql {
  // The highest as the lowest of the opposites, so that both ends are cut alike.
  const depth = which === 'lowest' ? look : `-${look}`;
  return {
    looks: [look],
    rows: `SELECT row AS l_row, ${look} AS l1, step AS l2 FROM b
           WHERE ${depth} <= (SELECT quantile_disc(${depth}, ${end}) FROM b) AND ${also}`,
    order: [which === 'lowest' ? 'ASC' : 'DESC', 'DESC'],
  };
}

function spread(): LensSql {
  return {
    looks: ['v', 'k'],
    with: {
      g: `SELECT run, step, k, stddev_pop(v) FILTER (abs(v) < ${SQUARE_LIMIT}) AS sd, min(row) AS first FROM b
          WHERE v IS NOT NULL AND k IS NOT NULL GROUP BY run, step, k HAVING min(v) < max(v)`,
    },
    // A hair below the bound: the same rewards in another order give a sum that differs in its last digits.
    rows: `SELECT b.row AS l_row, g.sd AS l1, g.first AS l2, b.v AS l3 FROM b
           JOIN g ON b.run = g.run AND b.step IS NOT DISTINCT FROM g.step AND b.k = g.k
           WHERE -g.sd <= (SELECT quantile_disc(-sd, ${end}) FROM g) * (1 - 1e-9)`,
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
  const chosen = chosenSteps(query);
  const shares = (scopes: RunScope[]) => {
    const columns = selectColumns(
      layout,
      base.table,
      scopes.map(({ run }) => run),
    );
    const { ok, h } = looksOf(lens, columns);
    const all = [
      ...rowScopeSql(layout, base.table.key, { scopes, position: query.position }),
      ...(chosen && !ofBaseline ? [`step IN (${chosen.join(', ')})`] : []),
    ].join(' AND ');
    return `SELECT run, step, h, avg(ok) AS share FROM
            (SELECT run, step, ${h} AS h, ${ok} AS ok FROM rows_${base.table.key} WHERE ${all})
            WHERE ok IS NOT NULL AND h IS NOT NULL AND step IS NOT NULL GROUP BY run, step, h`;
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
          [compared]: `SELECT s.run, s.step, s.h, s.share, o.share AS before
            FROM (SELECT ${own}.*, other FROM ${own} JOIN (VALUES ${pairs}) pairs(run, other) USING (run)) s
            ASOF JOIN baselineShares o ON s.other = o.run AND s.h = o.h AND s.step >= o.step`,
        }
      : { [compared]: `SELECT *, lag(share) OVER (PARTITION BY run, h ORDER BY step) AS before FROM ${own}` }),
  };
  return {
    looks: ['v', 'h', 'ok'],
    with: relations,
    rows: `SELECT b.row AS l_row, b.step AS l1, b.h AS l2, b.v AS l3 FROM b
           JOIN ${compared} c ON b.run = c.run AND b.step = c.step AND b.h = c.h
           WHERE c.before ${was} AND c.share ${is} AND b.ok = ${toWrong ? 0 : 1}`,
    order: ['DESC', 'ASC', 'ASC'],
  };
}

/** Several steps that the filter names; undefined where it does not. */
function chosenSteps({ filter = [] }: RowQuery): number[] | undefined {
  const lists = filter.flatMap((part) =>
    'column' in part && part.column === 'step' && part.op === 'in' && Array.isArray(part.value) ? [part.value] : [],
  );
  const steps = lists.length === 1 ? lists.flat().map(Number) : [];
  return steps.length > 1 && steps.every(Number.isSafeInteger) ? steps : undefined;
}

function disagree(count: number): LensSql {
  const parts = Array.from({ length: count }, (_, i) => i);
  const scaled = parts.map((i) => `(p${i} - low${i}) / nullif(high${i} - low${i}, 0)`).join(', ');
  const ends = parts.map((i) => `min(p${i}) AS low${i}, max(p${i}) AS high${i}`).join(', ');
  return {
    looks: ['parts'],
    with: { ends: `SELECT ${ends} FROM b` },
    rows: `SELECT row AS l_row, apart AS l1 FROM
           (SELECT row, greatest(${scaled}) - least(${scaled}) AS apart FROM b, ends) WHERE apart >= ${partsApart}`,
    order: ['DESC'],
  };
}
