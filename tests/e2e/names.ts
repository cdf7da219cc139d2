import type { APIRequestContext, Locator, Page } from '@playwright/test';

/** Of the provisioned data source and dashboards, which the specs stand on. */
export const SOURCE = { uid: 'rolloscope', name: 'Rolloscope runs', type: 'rolloscope-runs-datasource' } as const;
export const APP_PAGE = '/a/rolloscope-runs-app';
export const OVERVIEW = 'rolloscope-run-overview';
export const ACCURACY_PANEL = '2';

/** Requests of a data source without a backend go through Grafana's proxy, and to no query endpoint. */
export const throughProxy = (path: string) => new RegExp(`/api/datasources/proxy/uid/${SOURCE.uid}/api/v1${path}`);

/** What the store answers, as the data source is answered. */
export async function askStore<T>(request: APIRequestContext, path: string, data?: object): Promise<T> {
  const url = `/api/datasources/proxy/uid/${SOURCE.uid}/api/v1${path}`;
  const answer = data ? await request.post(url, { data }) : await request.get(url);
  return answer.json();
}

/** A panel of a dashboard, by its id. */
export const panelOf = (page: Page, id: number) => page.locator(`[data-viz-panel-key="panel-${id}"]`);

/** The rows that a rollouts panel shows. */
export const rowsIn = (place: Page | Locator) => place.locator('[role=grid] tr[data-row]');
