import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const datasource = { type: 'rolloscope-runs-datasource', uid: 'store' };

export interface PanelDashboard {
  uid: string;
  run: string;
  /** Of the query; `latest` unless said otherwise. */
  rows?: 'latest' | 'all';
  options?: Record<string, unknown>;
  transformations?: unknown[];
  fieldConfig?: { defaults: unknown; overrides: unknown[] };
  width?: number;
  height?: number;
  /** Takes the place of what the query has by itself. */
  query?: Record<string, unknown>;
  /** Takes the place of what the panel's JSON has by itself, such as its targets. */
  panel?: Record<string, unknown>;
  /** Beside the panel: variables, other panels, the time range. */
  dashboard?: { panels?: unknown[] } & Record<string, unknown>;
}

/** A folder with dashboards that hold one Rollouts panel each, over the table `rollout_examples` of a run. */
export async function writeDashboards(list: PanelDashboard[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-dashboards-'));
  for (const { uid, run, rows = 'latest', options = {}, transformations = [], ...rest } of list) {
    const target = {
      refId: 'A',
      datasource,
      version: 1,
      queryType: 'rows',
      runs: { by: 'id', ids: [run] },
      table: 'rollout_examples',
      rows,
      ...rest.query,
    };
    const panel = {
      id: 1,
      type: 'rolloscope-rollouts-panel',
      title: '',
      datasource,
      gridPos: { x: 0, y: 0, w: rest.width ?? 24, h: rest.height ?? 16 },
      targets: [target],
      transformations,
      options: { lines: 3, colorBy: 'row', showLegend: true, ...options },
      fieldConfig: rest.fieldConfig ?? { defaults: {}, overrides: [] },
      ...rest.panel,
    };
    const dashboard = {
      uid,
      title: uid,
      schemaVersion: 41,
      refresh: '5s',
      time: { from: 'now-1h', to: 'now' },
      timezone: 'utc',
      ...rest.dashboard,
      panels: [panel, ...(rest.dashboard?.panels ?? [])],
    };
    await writeFile(join(folder, `${uid}.json`), JSON.stringify(dashboard));
  }
  return folder;
}
