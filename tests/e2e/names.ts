/** Of the provisioned data source and dashboards, which the specs stand on. */
export const SOURCE = { uid: 'rolloscope', name: 'Rolloscope runs', type: 'rolloscope-runs-datasource' } as const;
export const APP_PAGE = '/a/rolloscope-runs-app';
export const OVERVIEW = 'rolloscope-run-overview';
export const ACCURACY_PANEL = '2';

/** Requests of a data source without a backend go through Grafana's proxy, and to no query endpoint. */
export const throughProxy = (path: string) => new RegExp(`/api/datasources/proxy/uid/${SOURCE.uid}/api/v1${path}`);
