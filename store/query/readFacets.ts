import type { ColumnFacet, FacetsAnswer, FacetsRequest, LensCount } from '@rolloscope/contract/types';
import type { LensQuery } from '../engine/EngineReads';
import { writeAsOf } from './asOf';
import { chooseRows, requireColumn } from './chooseRows';
import { lensesOf } from './lenses';
import type { ReadContext } from './ReadContext';
import { toJson } from './readRows';

const DEFAULT_VALUES = 50;

/** Reads what a selection of rows can be narrowed by, with counts. */
export async function readFacets(context: ReadContext, request: FacetsRequest): Promise<FacetsAnswer> {
  const { engine, seen } = context;
  const { query, columns, entries, missing, labelledAt } = await chooseRows(context, request);
  const names = (request.columns ?? []).map((name) => requireColumn(columns, request.table, name).name);
  const hasLabels = labelledAt > 0;
  const lenses = request.lenses ? lensesOf(seen, columns, entries, hasLabels) : undefined;
  const asked = lenses?.flatMap((one): LensQuery[] => ('query' in one ? [one.query] : [])) ?? [];
  const facets = await engine.facets(query, {
    columns: names,
    values: request.values ?? DEFAULT_VALUES,
    ...(request.q && { like: request.q }),
    lenses: asked,
  });
  const rowsOf = new Map(asked.map(({ name }, i) => [name, facets.lenses[i] ?? 0]));
  return {
    columns: facets.columns.map(
      ({ min, max, values, ...counts }, i): ColumnFacet => ({
        name: names[i] ?? '',
        ...counts,
        ...(min !== null && { min }),
        ...(max !== null && { max }),
        values: values.map(({ value, rows }) => ({ value: toJson([value])[0], rows })),
      }),
    ),
    ...(lenses && {
      lenses: lenses.map(
        (one): LensCount => ('needs' in one ? one : { lens: one.lens, rows: rowsOf.get(one.lens) ?? 0 }),
      ),
    }),
    total: facets.total,
    ...(missing && { missing }),
    asOf: writeAsOf(engine, query.position),
  };
}
