import type { DataQuery } from '@grafana/data';
import { DEFAULT_ACCURACY, DEFAULT_QUERY, QUERY_TYPES, QUERY_VERSION, type StoreQuery } from './query';
import * as saved from './savedFields';

/** A query as it may stand in a dashboard: of any version, written by hand, or left by another data source. */
type SavedQuery = DataQuery & Record<string, unknown>;

/** Brings a saved query of any version to today's: what is missing takes its default, what makes no sense goes. */
export function migrate(query: DataQuery): StoreQuery {
  const given = query as SavedQuery;
  const queryType = QUERY_TYPES.find((type) => type === given.queryType);
  const common = { ...panelFields(given), version: QUERY_VERSION, runs: saved.runsOf(given.runs) } as const;
  if (queryType) {
    return ofType(queryType, given, common);
  }
  return given.queryType === undefined
    ? ofType(DEFAULT_QUERY.queryType, { metrics: DEFAULT_QUERY.metrics, ...given }, common)
    : { ...DEFAULT_QUERY, ...panelFields(given) };
}

/** Returns the fields that say where a query stands in its panel, whatever it asks for. */
export function panelFields({ refId, hide, key, datasource, ...given }: DataQuery): Omit<DataQuery, 'queryType'> {
  const { editorMode } = given as SavedQuery;
  return defined({ refId, hide, key, datasource, editorMode: editorMode === 'code' ? editorMode : undefined });
}

/** Leaves out the fields that are undefined. */
function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

type Common = Pick<StoreQuery, 'refId' | 'version' | 'runs'>;

function ofType(queryType: StoreQuery['queryType'], given: SavedQuery, common: Common): StoreQuery {
  const live = saved.flagOf(given.live);
  const rows = {
    table: saved.textOf(given.table) ?? '',
    ...defined({
      step: saved.stepOf(given.step),
      filter: saved.filterOf(given.filter),
      search: saved.searchOf(given.search),
      limit: saved.countOf(given.limit),
    }),
  };
  switch (queryType) {
    case 'metrics':
      return {
        ...common,
        queryType,
        metrics: saved.textsOf(given.metrics) ?? [],
        x: saved.axisOf(given.x),
        ...defined({
          reduce: saved.reductionOf(given.reduce),
          smoothing: saved.smoothingOf(given.smoothing),
          group: saved.flagOf(given.group),
          attempts: given.attempts === 'all' ? ('all' as const) : undefined,
          baseline: saved.textOf(given.baseline),
          mark: saved.textOf(given.mark),
          legend: saved.textOf(given.legend),
          live,
        }),
      };
    case 'rows':
      return {
        ...common,
        queryType,
        ...rows,
        rows: given.rows === 'latest' ? 'latest' : 'all',
        ...defined({ orderBy: saved.orderOf(given.orderBy), columns: saved.textsOf(given.columns), live }),
      };
    case 'groups':
      return {
        ...common,
        queryType,
        ...rows,
        ...defined({ compareTo: saved.compareToOf(given.compareTo), orderBy: saved.groupOrderOf(given.orderBy) }),
      };
    case 'runs':
      return { ...common, queryType, ...defined({ metrics: saved.textsOf(given.metrics) }) };
    case 'compare':
      return { ...common, queryType, ...defined({ all: saved.flagOf(given.all) }) };
    case 'status':
      return { ...common, queryType, accuracy: saved.textOf(given.accuracy) ?? DEFAULT_ACCURACY };
    case 'events':
      return {
        ...common,
        queryType,
        ...defined({ types: saved.textsOf(given.types), mark: saved.textOf(given.mark) }),
      };
  }
}
