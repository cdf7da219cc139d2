/** The address of one question to the store, below its base path. */
export interface Address {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{name}` marks a parameter, percent-encoded on the wire. */
  path: string;
  /** A field that every answer has, by which it is known to be a store's; left out where there is none. */
  has?: string;
}

/** The addresses of all routes: plain values, for the bundles too. `ROUTES` says what is asked there and answered. */
export const ADDRESSES = {
  health: { method: 'GET', path: '/health', has: 'apiVersion' },
  openapi: { method: 'GET', path: '/openapi.json', has: 'openapi' },
  projects: { method: 'GET', path: '/projects', has: 'projects' },
  runs: { method: 'GET', path: '/runs', has: 'runs' },
  run: { method: 'GET', path: '/runs/{id}', has: 'id' },
  queryRuns: { method: 'POST', path: '/query/runs', has: 'runs' },
  queryKeys: { method: 'POST', path: '/query/keys', has: 'keys' },
  queryValues: { method: 'POST', path: '/query/values', has: 'values' },
  queryMetricList: { method: 'POST', path: '/query/metric-list', has: 'metrics' },
  queryTableList: { method: 'POST', path: '/query/table-list', has: 'tables' },
  queryMetrics: { method: 'POST', path: '/query/metrics', has: 'series' },
  queryRows: { method: 'POST', path: '/query/rows', has: 'rows' },
  progress: { method: 'GET', path: '/progress/{id}', has: 'share' },
  row: { method: 'GET', path: '/rows/{rowId}', has: 'cells' },
  queryDistribution: { method: 'POST', path: '/query/distribution', has: 'edges' },
  queryFacets: { method: 'POST', path: '/query/facets', has: 'columns' },
  queryGroups: { method: 'POST', path: '/query/groups', has: 'groups' },
  createExport: { method: 'POST', path: '/export', has: 'path' },
  export: { method: 'GET', path: '/exports/{ticket}' },
  labels: { method: 'GET', path: '/labels/{rowId}', has: 'labels' },
  putLabel: { method: 'PUT', path: '/labels/{rowId}', has: 'label' },
  events: { method: 'GET', path: '/events', has: 'events' },
  putRun: { method: 'PUT', path: '/runs/{id}', has: 'id' },
  log: { method: 'POST', path: '/runs/{id}/log', has: 'accepted' },
  logEvents: { method: 'POST', path: '/runs/{id}/events', has: 'accepted' },
  finish: { method: 'POST', path: '/runs/{id}/finish', has: 'id' },
  putMedia: { method: 'PUT', path: '/media', has: 'media' },
  media: { method: 'GET', path: '/media/{hash}' },
  deleteRun: { method: 'DELETE', path: '/runs/{id}', has: 'deleted' },
} as const satisfies Record<string, Address>;

export type RouteName = keyof typeof ADDRESSES;

/** The path of an address with its parameters filled in, percent-encoded. */
export const filledPath = (path: string, parameters: Readonly<Record<string, string>> = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
