import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import httpProxy from '@fastify/http-proxy';
import staticFiles from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
import { type ProvisionedDataSource, readDataSources } from './dataSources';
import { type Dashboard, registerGrafanaApi } from './grafanaApi';

const here = dirname(fileURLToPath(import.meta.url));
/** The project's folder, from the sources as from the built server. */
const root = existsSync(join(here, 'package.json')) ? dirname(here) : dirname(dirname(here));

const PLUGIN_FOLDERS: Record<string, string> = {
  'rolloscope-runs-app': '',
  'rolloscope-runs-datasource': 'datasource',
  'rolloscope-rollouts-panel': 'panel',
  'rolloscope-metrics-panel': 'metrics',
};

/** Files that Grafana gets in the demo, too. */
const DATA_SOURCES = ['provisioning/datasources', 'provisioning/prometheus/grafana'];

const FALLBACK_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"><circle cx="12" cy="12" r="4"/></svg>';

/** Milliseconds without a byte from a store. */
const SILENCE = 300_000;

/** The signal of the request that is passed on: aborted when its client goes, so that the store stops working for nobody. */
const leaving = new AsyncLocalStorage<AbortSignal>();

interface PreviewOptions {
  /** The folder of the built plugin. */
  dist?: string;
  dashboards?: string;
  dataSources?: ProvisionedDataSource[];
  /** The folder of the built page. */
  page?: string;
}

/** The preview's server: the page, the built plugin, the provisioned dashboards, and Grafana's data-source proxy. */
export async function createPreview(options: PreviewOptions = {}): Promise<FastifyInstance> {
  const app = fastify({ logger: false, bodyLimit: 64 * 1024 * 1024, forceCloseConnections: true });
  const dist = options.dist ?? join(root, 'dist');
  const dashboards = options.dashboards ?? join(root, 'provisioning', 'dashboards');
  const page = options.page ?? join(root, 'preview', 'dist', 'public');
  const dataSources =
    options.dataSources ??
    (await readDataSources(
      DATA_SOURCES.map((folder) => join(root, folder)),
      process.env,
    ));

  app.get('/healthz', async () => ({ status: 'ok' }));
  const imported: Dashboard[] = [];
  const allDashboards = async () => {
    const files = (await readdir(dashboards)).filter((file) => file.endsWith('.json'));
    const texts = await Promise.all(files.map((file) => readFile(join(dashboards, file), 'utf8')));
    return [...texts.map((text) => JSON.parse(text) as Dashboard), ...imported];
  };
  app.get('/preview/dashboards', allDashboards);
  registerGrafanaApi(app, { dashboards: allDashboards, add: (one) => imported.push(one), dataSources, dist });
  app.get('/preview/datasources', async () =>
    dataSources.map(({ secureJsonData, ...dataSource }) => ({
      ...dataSource,
      secureJsonFields: Object.fromEntries(Object.keys(secureJsonData ?? {}).map((name) => [name, true])),
      url: `/api/datasources/proxy/uid/${dataSource.uid}`,
      storeUrl: dataSource.url,
    })),
  );

  await app.register(staticFiles, { root: page, prefix: '/public/', decorateReply: true });
  app.get<{ Params: { id: string; '*': string } }>('/public/plugins/:id/*', (request, reply) => {
    const folder = PLUGIN_FOLDERS[request.params.id];
    if (folder === undefined) {
      return reply.code(404).send('No such plugin');
    }
    return reply.header('cache-control', 'no-store').sendFile(join(folder, request.params['*']), dist);
  });
  // Grafana 11.6 looks for them beside its build.
  for (const place of ['/public/build/img/icons/*', '/public/img/icons/*']) {
    app.get<{ Params: { '*': string } }>(place, (request, reply) => {
      const file = join('icons', request.params['*']);
      const isThere = !file.includes('..') && existsSync(join(page, file));
      return isThere ? reply.sendFile(file) : reply.type('image/svg+xml').send(FALLBACK_ICON);
    });
  }
  app.get<{ Params: { '*': string } }>('/public/fonts/*', (request, reply) => {
    // Only the text font is there; code falls back to the machine's own monospace.
    const file = request.params['*'];
    return file.startsWith('inter/') ? reply.sendFile(file) : reply.code(204).send();
  });

  for (const { uid, url, jsonData, secureJsonData } of dataSources.filter((one) => one.url)) {
    await app.register(httpProxy, {
      upstream: url,
      prefix: `/api/datasources/proxy/uid/${uid}`,
      proxyPayloads: true,
      http: {
        requestOptions: {
          timeout: SILENCE,
          get signal() {
            return leaving.getStore();
          },
        },
      },
      preHandler: (_request, reply, done) => {
        const abort = new AbortController();
        reply.raw.once('close', () => reply.raw.writableFinished || abort.abort());
        leaving.run(abort.signal, done);
      },
      replyOptions: {
        rewriteRequestHeaders: (request, headers) => {
          const { origin: _o, referer: _r, cookie: _c, ...kept } = headers;
          const [name, value] = [jsonData?.httpHeaderName1, secureJsonData?.httpHeaderValue1];
          // By it the store knows that a proxy stands between.
          kept['x-forwarded-for'] = request.ip;
          const labelToken = request.method === 'PUT' && secureJsonData?.labelToken;
          // The route of the data source's plugin.json says so; of roles the preview's server knows nothing.
          if (labelToken && request.url?.includes('/api/v1/labels/')) {
            kept['x-rolloscope-label-token'] = labelToken;
          }
          return { ...kept, ...(name && value && value.trim() !== 'Bearer' && { [name.toLowerCase()]: value }) };
        },
        onResponse: (_request, reply, upstream) => {
          // Grafana turns an upstream 401 into a 400 of plain text.
          if (reply.statusCode === 401) {
            reply
              .removeHeader('transfer-encoding')
              .code(400)
              .type('text/plain')
              .send('Authentication to data source failed');
          } else {
            reply.send('stream' in upstream ? (upstream.stream as NodeJS.ReadableStream) : upstream);
          }
        },
        onError: (reply) => {
          if (reply.raw.headersSent || reply.raw.destroyed) {
            // The client has gone, or the upstream in the middle of its answer.
            reply.hijack();
            reply.raw.destroy();
          } else {
            reply.code(502).type('text/plain').send('Bad Gateway');
          }
        },
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && !/^\/(api|public|preview)\//.test(request.url);
    return isPage
      ? reply.type('text/html').send(readFileSync(join(page, 'index.html')))
      : reply.code(404).send({ message: 'Not found' });
  });
  return app;
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  const page = process.env.PREVIEW_PAGE;
  const app = await createPreview(page ? { page } : {});
  const url = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3000) });
  console.log(`Preview ready: ${url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void app.close().then(() => process.exit(0)));
  }
}
