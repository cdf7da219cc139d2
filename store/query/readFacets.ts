import type { ColumnFacet, FacetsAnswer, FacetsRequest, LensCount } from '@rolloscope/contract/types';
import type { Engine } from '../engine/Engine';
import type { LensQuery } from '../engine/EngineReads';
import type { SeenRuns } from '../runs/SeenRuns';
import { writeAsOf } from './asOf';
import { lensesOf } from './lenses';
import { chooseRows, requireColumn, toJson } from './readRows';

const DEFAULT_VALUES = 50;

/** What a selection of rows can be narrowed by, with counts. */
export async function readFacets(engine: Engine, seen: SeenRuns, request: FacetsRequest): Promise<FacetsAnswer> {
  const { query, columns, entries, missing } = await chooseRows(engine, seen, request);
  const facets: ColumnFacet[] = [];
  for (const name of request.columns ?? []) {
    requireColumn(columns, request.table, name);
    const { min, max, values, ...counts } = await engine.facet(
      query,
      name,
      request.values ?? DEFAULT_VALUES,
      request.q || undefined,
    );
    facets.push({
      name,
      ...counts,
      ...(min !== null && { min }),
      ...(max !== null && { max }),
      values: values.map(({ value, rows }) => ({ value: toJson([value])[0], rows })),
    });
  }
  const lenses = request.lenses ? lensesOf(seen, columns, entries) : undefined;
  const asked = lenses?.flatMap((one): LensQuery[] => ('query' in one ? [one.query] : [])) ?? [];
  const counts = asked.length > 0 ? await engine.lensCounts(query, asked) : [];
  const rowsOf = new Map(asked.map(({ name }, i) => [name, counts[i] ?? 0]));
  return {
    columns: facets,
    ...(lenses && {
      lenses: lenses.map(
        (one): LensCount => ('needs' in one ? one : { lens: one.lens, rows: rowsOf.get(one.lens) ?? 0 }),
      ),
    }),
    total: await engine.countRows(query),
    ...(missing && { missing }),
    asOf: writeAsOf(engine, query.position),
  };
}
