import type { BrowserContext } from 'playwright-core';

/** Of the data sources that the pictures are taken through, which go again afterwards. */
export const SOURCES = { store: 'rolloscope-pictures', prometheus: 'rolloscope-pictures-gpus' };

export interface Grafana {
  url: string;
  signIn(context: BrowserContext): Promise<void>;
  /** Removes what was added. */
  close(): Promise<void>;
}

/**
 * A running Grafana that has the built plugin and the provisioned dashboards, given data sources for the store and the
 * Prometheus of the pictures: it must reach loopback addresses of this machine. `GRAFANA_USER` and `GRAFANA_PASSWORD` are
 * an Admin's.
 */
export async function openGrafana(url: string, { store, prometheus }: Record<'store' | 'prometheus', string>) {
  const { GRAFANA_USER = 'admin', GRAFANA_PASSWORD = 'admin' } = process.env;
  const authorization = `Basic ${Buffer.from(`${GRAFANA_USER}:${GRAFANA_PASSWORD}`).toString('base64')}`;
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok && !(method === 'DELETE' && answer.status === 404)) {
      throw new Error(`${method} ${url}/api${path} answered ${answer.status}: ${await answer.text()}`);
    }
  };
  const close = async () => {
    for (const uid of Object.values(SOURCES)) {
      await ask('DELETE', `/datasources/uid/${uid}`);
    }
  };
  await close();
  const common = { access: 'proxy', isDefault: false };
  const runs = { name: 'Run store', type: 'rolloscope-runs-datasource', uid: SOURCES.store, url: store };
  await ask('POST', '/datasources', { ...common, ...runs });
  const gpus = { name: 'GPU metrics', type: 'prometheus', uid: SOURCES.prometheus, url: prometheus };
  await ask('POST', '/datasources', { ...common, ...gpus, jsonData: { timeInterval: '1s' } });
  const grafana: Grafana = {
    url,
    close,
    async signIn(context) {
      const data = { user: GRAFANA_USER, password: GRAFANA_PASSWORD };
      const answer = await context.request.post(`${url}/login`, { data });
      if (!answer.ok()) {
        throw new Error(`Nobody is let in to ${url} as ${GRAFANA_USER}: ${answer.status()}.`);
      }
    },
  };
  return grafana;
}
