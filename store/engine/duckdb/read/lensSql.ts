import {
  chosenSteps,
  type GroupValue,
  LENS_PLANS,
  LENS_RULES,
  type LensGroups,
  type RowValue,
} from '@rolloscope/contract';
import type { LensQuery, RowQuery, RunScope } from '../../EngineReads';
import type { Layout } from '../Layout';
import { selectColumns } from './columnSql';
import { COMPARE } from './filterSql';
import { lensValues } from './lensValues';
import { SQUARE_LIMIT } from './pointsSql';
import type { SelectedRows } from './SelectedRows';
import { rowScopeSql } from './scopeSql';

/** A plan as SQL: `rows` gives `lensRow`, and `order1`, `order2`, … to order by. */
interface LensSql {
  /** Values of a row that are columns of `selected`, the selection before its lens. */
  values: RowValue[];
  /** Further relations that `rows` reads, in order; equal names are the same. */
  with: Record<string, string>;
  rows: string;
}

/** A selection narrowed by a lens, in the lens's order. */
export function applyLens(layout: Layout, query: RowQuery, lens: LensQuery, base: SelectedRows): SelectedRows {
  const { where, groups, orderBy } = LENS_PLANS[lens.name];
  const how = (direction: string) => `${direction.toUpperCase()} NULLS LAST`;
  if (where.length === 0 && !groups) {
    const values: Partial<Record<string, unknown>> = lensValues(lens.columns, base.columns);
    return {
      ...base,
      order: orderBy.map(({ column, direction }) => ({ sql: String(values[column]), how: how(direction) })),
    };
  }
  const sql = lensSql(layout, query, lens, base);
  const found = `${withSql(lens, base, sql.values, sql.with)} ${sql.rows}`;
  return {
    ...base,
    from: `(SELECT logged.*, found.* FROM ${base.from} logged JOIN (${found}) found ON logged.row = found.lensRow)`,
    where: 'true',
    order: orderBy.map(({ direction }, i) => ({ sql: `order${i + 1}`, how: how(direction) })),
  };
}

/** One statement that counts the rows of several lenses: a column each. */
export function lensCountsSql(layout: Layout, query: RowQuery, lenses: readonly LensQuery[], base: SelectedRows) {
  const all = lenses.map((lens) => lensSql(layout, query, lens, base));
  const [first] = lenses;
  const relations: Record<string, string> = {};
  for (const [name, select] of all.flatMap((one) => Object.entries(one.with))) {
    // Two lenses that mean different things by one name would count each other's rows.
    if ((relations[name] ?? select) !== select) {
      throw new Error(`Two lenses have different relations by the name ${name}.`);
    }
    relations[name] = select;
  }
  const counts = all.map(({ rows }) => `(SELECT count(*) FROM (${rows}))::DOUBLE`);
  const values = all.flatMap((one) => one.values);
  return first && `${withSql(first, base, values, relations)} SELECT ${counts.join(', ')}`;
}

function withSql(lens: LensQuery, base: SelectedRows, values: readonly RowValue[], relations: Record<string, string>) {
  const { parts, ...sql } = lensValues(lens.columns, base.columns);
  const columns = [...new Set(values)].flatMap((value) =>
    value === 'step'
      ? []
      : value === 'apart'
        ? parts.map((part, i) => `${part} AS part${i}`)
        : `${sql[value]} AS ${value}`,
  );
  const selected = `SELECT ${['row', 'run', 'step', ...columns].join(', ')} FROM ${base.from} WHERE ${base.where}`;
  const all = Object.entries({ selected, ...relations }).map(([name, select]) => `${name} AS MATERIALIZED (${select})`);
  return `WITH ${all.join(', ')}`;
}

/** SQL of what a group has of the values of its rows, `x`. */
const AGGREGATES: Record<Exclude<GroupValue, 'meanBefore'>, (x: string) => string> = {
  deviation: (x) => `CASE WHEN min(${x}) < max(${x}) THEN stddev_pop(${x}) FILTER (abs(${x}) < ${SQUARE_LIMIT}) END`,
  firstRow: () => 'min(row)',
  times: () => 'count(*)',
  mean: (x) => `avg(${x})`,
};
const isOfGroup = (value: RowValue | GroupValue): value is GroupValue => value === 'meanBefore' || value in AGGREGATES;

function lensSql(layout: Layout, query: RowQuery, lens: LensQuery, base: SelectedRows): LensSql {
  const { where, orderBy, groups } = LENS_PLANS[lens.name];
  const used = [...where, ...orderBy].map(({ column }) => column);
  const grouped = groups && groupsSql(layout, query, lens, base, groups, used.filter(isOfGroup));
  const parts = used.includes('apart') ? lens.columns.parts.map((_, i) => i) : [];
  const scaled = parts.map((i) => `(part${i} - low${i}) / nullif(high${i} - low${i}, 0)`).join(', ');
  const ends = parts.map((i) => `min(part${i}) AS low${i}, max(part${i}) AS high${i}`).join(', ');
  const sqlOf = (value: RowValue | GroupValue) =>
    isOfGroup(value)
      ? `${grouped?.name}.${value}`
      : value === 'apart'
        ? `(greatest(${scaled}) - least(${scaled}))`
        : `selected.${value}`;
  const conditions = where.map((one) => {
    if ('op' in one) {
      return `${sqlOf(one.column)} ${COMPARE[one.op]} ${one.value}`;
    }
    // The highest as the lowest of the opposites, so that both ends are cut alike.
    const sign = one.end === 'lowest' ? '' : '-';
    const among = isOfGroup(one.column) ? grouped?.name : 'selected';
    const bound = `(SELECT quantile_disc(${sign}${one.column}, ${LENS_RULES.end}) FROM ${among})`;
    // A hair below the bound: the same rewards in another order give a sum that differs in its last digits.
    const hair = one.column === 'deviation' ? ' * (1 - 1e-9)' : '';
    return `${sign}${sqlOf(one.column)} <= ${bound}${hair}`;
  });
  const order = orderBy.map(({ column }, i) => `, ${sqlOf(column)} AS order${i + 1}`).join('');
  return {
    values: [...used, groups?.by, groups?.of].filter((value) => value !== undefined && !isOfGroup(value)),
    with: { ...grouped?.with, ...(parts.length > 0 && { ends: `SELECT ${ends} FROM selected` }) },
    rows: `SELECT selected.row AS lensRow${order} FROM selected ${grouped?.join ?? ''} ${parts.length > 0 ? ', ends' : ''}
           WHERE ${conditions.join(' AND ') || 'true'}`,
  };
}

/** The groups of a plan as a relation, and how a row of `selected` is joined with its own. */
function groupsSql(
  layout: Layout,
  query: RowQuery,
  lens: LensQuery,
  base: SelectedRows,
  { by, of, perStep, before }: LensGroups,
  used: readonly GroupValue[],
) {
  const keys = ['run', ...(perStep ? ['step'] : []), by];
  const group = (from: string) => {
    const values = [...new Set(used)].flatMap((value) =>
      value === 'meanBefore' ? [] : [`${AGGREGATES[value](of ?? '')} AS ${value}`],
    );
    const has = [by, ...(of ? [of] : []), ...(before ? ['step'] : [])].map((value) => `${value} IS NOT NULL`);
    return `SELECT ${[...keys, ...values].join(', ')} FROM ${from} WHERE ${has.join(' AND ')} GROUP BY ${keys.join(', ')}`;
  };
  const chosen = before === 'step' ? chosenSteps(query.filter ?? [], 'step') : undefined;
  const logged = (scopes: RunScope[]) => {
    const runs = scopes.map(({ run }) => run);
    const sql = lensValues(lens.columns, selectColumns(layout, base.table, runs));
    const all = [
      ...rowScopeSql(layout, base.table.key, { scopes, position: query.position }),
      ...(chosen ? [`step IN (${chosen.join(', ')})`] : []),
    ];
    const values = [by, ...(of ? [of] : [])].map((value) => `${value === 'apart' ? 'NULL' : sql[value]} AS ${value}`);
    return group(
      `(SELECT row, run, step, ${values.join(', ')} FROM rows_${base.table.key} WHERE ${all.join(' AND ')})`,
    );
  };
  const name = `groupsBy_${by}_${before ?? 'selected'}`;
  const pairs = lens.baselines
    .map(({ run, scope }) => `(${layout.runs.find(run) ?? 'NULL'}, ${layout.runs.find(scope.run) ?? 'NULL'})`)
    .join(', ');
  return {
    name,
    join: `JOIN ${name} ON ${keys.map((key) => `selected.${key} IS NOT DISTINCT FROM ${name}.${key}`).join(' AND ')}`,
    with:
      before === undefined
        ? { [name]: group('selected') }
        : before === 'step'
          ? {
              [name]: `SELECT *, lag(mean) OVER (PARTITION BY run, ${by} ORDER BY step) AS meanBefore
                       FROM (${logged(query.scopes)})`,
            }
          : {
              ofBaseline: logged(lens.baselines.map(({ scope }) => scope)),
              [name]: `SELECT paired.* EXCLUDE baseline, ofBaseline.mean AS meanBefore
                       FROM (SELECT own.*, baseline FROM (${logged(query.scopes)}) own
                             JOIN (VALUES ${pairs}) pairs(run, baseline) USING (run)) paired
                       ASOF JOIN ofBaseline ON paired.baseline = ofBaseline.run AND paired.${by} = ofBaseline.${by}
                         AND paired.step >= ofBaseline.step`,
            },
  };
}
