import { test as base } from '@grafana/plugin-e2e';
import { SOURCE } from './names';

const datasource = { type: SOURCE.type, uid: SOURCE.uid };

/** A panel of ours or of Grafana's over one query. */
export interface OwnPanel {
  type: string;
  query: object;
  title?: string;
  options?: object;
  fieldConfig?: object;
  width?: number;
  height?: number;
  /** What else its JSON has. */
  rest?: object;
}

interface OwnDashboards {
  /** Saves a dashboard and gives its uid; it goes when the test has ended. */
  saveDashboard: (panels: OwnPanel[], rest?: object) => Promise<string>;
}

/** With dashboards of one's own, beside those that are shipped. */
export const test = base.extend<OwnDashboards>({
  saveDashboard: async ({ request }, use) => {
    const saved: string[] = [];
    await use(async (panels, rest = {}) => {
      let y = 0;
      const dashboard = {
        title: `e2e ${crypto.randomUUID()}`,
        schemaVersion: 41,
        ...rest,
        panels: panels.map(({ type, query, title = type, options = {}, width = 24, height = 9, ...panel }, i) => {
          const gridPos = { x: 0, y, w: width, h: height };
          y += height;
          return {
            id: i + 1,
            type,
            title,
            datasource,
            gridPos,
            targets: [{ refId: 'A', datasource, version: 2, ...query }],
            options,
            fieldConfig: { defaults: {}, overrides: [], ...panel.fieldConfig },
            ...panel.rest,
          };
        }),
      };
      const answer = await request.post('/api/dashboards/db', { data: { dashboard, overwrite: true } });
      const { uid } = await answer.json();
      saved.push(uid);
      return uid;
    });
    for (const uid of saved) {
      await request.delete(`/api/dashboards/uid/${uid}`);
    }
  },
});

export const rowsOf = (run: string, table: string, rows: 'latest' | 'all' = 'latest') => ({
  queryType: 'rows',
  runs: { by: 'id', ids: [run] },
  table,
  rows,
});

export const metricsOf = (run: string, metrics: string[], rest: object = {}) => ({
  queryType: 'metrics',
  runs: { by: 'id', ids: [run] },
  metrics,
  ...rest,
});
