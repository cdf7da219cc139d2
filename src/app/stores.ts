import type { DataSourceInstanceSettings } from '@grafana/data';
import { type FetchResponse, getBackendSrv, getDataSourceSrv } from '@grafana/runtime';
import { API_BASE, DATASOURCE_ID } from '@rolloscope/contract/names';
import type { Run, RunsAnswer } from '@rolloscope/contract/types';
import { lastValueFrom } from 'rxjs';

/** The state of a data source's store, as the store tells it. */
export interface StoreState {
  isWell: boolean;
  /** The finding, or what failed and what to do; the data source's own words. */
  message: string;
  /** The newest run, if there is one. */
  newest?: Run | undefined;
}

/** The data sources of our type that this person may use, the default one first. */
export const listStores = (): DataSourceInstanceSettings[] =>
  [...getDataSourceSrv().getList({ pluginId: DATASOURCE_ID })].sort(
    (a, b) => Number(b.isDefault ?? false) - Number(a.isDefault ?? false),
  );

export async function askStore({ uid, url = '' }: DataSourceInstanceSettings): Promise<StoreState> {
  try {
    const source = await getDataSourceSrv().get(uid);
    const { status, message } = await source.testDatasource();
    if (status !== 'success') {
      return { isWell: false, message };
    }
    const { runs } = await read<RunsAnswer>(`${url}${API_BASE}/runs?limit=1`);
    return { isWell: true, message, newest: runs[0] };
  } catch (error) {
    return { isWell: false, message: error instanceof Error ? error.message : 'The run store cannot be asked.' };
  }
}

/** A `GET` of Grafana's API, or through its proxy, whose failure shows nowhere by itself. */
export async function read<T>(url: string): Promise<T> {
  const answer: FetchResponse<T> = await lastValueFrom(getBackendSrv().fetch<T>({ url, showErrorAlert: false }));
  return answer.data;
}
