import { locationUtil } from '@grafana/data';
import { getBackendSrv } from '@grafana/runtime';
import { APP_ID } from '@rolloscope/contract/names';
import type { Run } from '@rolloscope/contract/types';
import { lastValueFrom } from 'rxjs';
import { RUN_OVERVIEW, type ShippedDashboard } from './shippedDashboards';
import { read } from './stores';

/** The uids of those that are in this Grafana already, imported or provisioned, and may be seen. */
export async function findDashboards(shipped: readonly ShippedDashboard[]): Promise<ReadonlySet<string>> {
  const wanted = new URLSearchParams([['type', 'dash-db'], ...shipped.map(({ uid }) => ['dashboardUIDs', uid])]);
  const found = await read<{ uid: string }[]>(`/api/search?${wanted}`);
  return new Set(found.map(({ uid }) => uid));
}

/** Has Grafana take the dashboard from the plugin's folder. Throws what Grafana says. */
export async function importDashboard({ path }: ShippedDashboard): Promise<void> {
  const data = { pluginId: APP_ID, path, overwrite: false, inputs: [], folderUid: '' };
  const url = '/api/dashboards/import';
  await lastValueFrom(getBackendSrv().fetch({ url, method: 'POST', data, showErrorAlert: false }));
}

export const dashboardAddress = (uid: string, variables: Record<string, string> = {}): string => {
  const named = Object.entries(variables).map(([name, value]) => [`var-${name}`, value]);
  const query = named.length > 0 ? `?${new URLSearchParams(named)}` : '';
  return locationUtil.assureBaseUrl(`/d/${uid}${query}`);
};

/** Returns the address at which a run is shown, from the data source `source`. */
export const runAddress = ({ id, project }: Run, source: string): string =>
  dashboardAddress(RUN_OVERVIEW, { datasource: source, project, run: id });
