import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ProvisionedDataSource } from './dataSources';

export interface Dashboard {
  uid: string;
  title: string;
}

interface Known {
  /** Every dashboard that is there; an import adds to it. */
  dashboards(): Promise<Dashboard[]>;
  add(dashboard: Dashboard): void;
  dataSources: readonly ProvisionedDataSource[];
  /** The folder of the built plugin. */
  dist: string;
}

/** Registers as much of Grafana's own API as the app's page and `rolloscope-store doctor` call. */
export function registerGrafanaApi(app: FastifyInstance, { dashboards, add, dataSources, dist }: Known): void {
  app.get<{ Querystring: { dashboardUIDs?: string | string[] } }>('/api/search', async ({ query }) => {
    const wanted = [query.dashboardUIDs ?? []].flat();
    return (await dashboards())
      .filter(({ uid }) => wanted.includes(uid))
      .map(({ uid, title }) => ({ uid, title, type: 'dash-db', url: `/d/${uid}` }));
  });
  app.post<{ Body: { path: string } }>('/api/dashboards/import', async ({ body }, reply) => {
    if (!/^dashboards\/[\w-]+\.json$/.test(body.path)) {
      return reply.code(404).send({ message: 'Dashboard not found' });
    }
    const dashboard = JSON.parse(await readFile(join(dist, body.path), 'utf8')) as Dashboard;
    add(dashboard);
    return { imported: true, uid: dashboard.uid, title: dashboard.title };
  });
  app.get('/api/health', async () => ({ database: 'ok', version: 'preview' }));
  app.get<{ Params: { id: string } }>('/api/plugins/:id/settings', async ({ params }, reply) => {
    const text = await readFile(join(dist, 'plugin.json'), 'utf8').catch(() => undefined);
    const { id, info } = text === undefined ? {} : (JSON.parse(text) as { id?: string; info?: object });
    return id === params.id ? { id, info, enabled: true } : reply.code(404).send({ message: 'Plugin not found' });
  });
  app.get('/api/datasources', async () =>
    dataSources.map(({ uid, name, type, url, jsonData = {} }) => ({ uid, name, type, url, jsonData })),
  );
  app.get<{ Params: { uid: string } }>('/api/datasources/uid/:uid', async ({ params }, reply) => {
    const found = dataSources.find(({ uid }) => uid === params.uid);
    return found
      ? { uid: found.uid, name: found.name, url: found.url }
      : reply.code(404).send({ message: 'Data source not found' });
  });
}
