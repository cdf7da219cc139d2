import { type Health, openApi, RunFinish } from '@rolloscope/contract';
import { LeftOut } from '../formats/LeftOut';
import { parseBody } from '../json/parseJson';
import type { MediaLibrary } from '../media/MediaLibrary';
import { StoreError } from '../StoreError';
import type { Reading, Writing } from '../services';
import { checker } from './checker';
import { ExportSlots } from './ExportSlots';
import { ExportTickets } from './ExportTickets';
import type { Log } from './Log';
import { jsonLogRequest, ndjsonLogRequest, withLine } from './logRequest';
import { NDJSON_TYPES } from './mediaTypes';
import { ProgressRegistry } from './ProgressRegistry';
import { hasBrokenEncoding } from './parseQuery';
import { personOf } from './personOf';
import { ANSWERED, type Registrar } from './Registrar';
import { runsRequest } from './runsRequest';
import { sendExport } from './sendExport';
import { sendMedia } from './sendMedia';

const checkFinish = checker(RunFinish, 'The body');

/** The services that the routes call. */
export interface Services {
  reading: Reading;
  writing: Writing;
  media: MediaLibrary;
  health(): Promise<Health>;
  /** The store's version. */
  version: string;
}

/** Every route of the contract, in reading order. */
export function registerRoutes(
  routes: Registrar,
  { reading, writing, media, health, version }: Services,
  log: Log,
): void {
  const page = openApi(version);
  const tickets = new ExportTickets();
  const slots = new ExportSlots();
  const progress = new ProgressRegistry();

  routes.serve('health', () => health());
  routes.serve('openapi', () => page);

  routes.serve('projects', ({ asker }) => reading.projects(asker));
  routes.serve('runs', ({ query, asker }) => reading.runs(runsRequest(query), asker));
  routes.serve('run', ({ id, asker }) => reading.run(id, asker));
  routes.serve('queryRuns', ({ body, asker }) => reading.runs(body, asker));
  routes.serve('queryKeys', ({ body, asker }) => reading.keys(body, asker));
  routes.serve('queryValues', ({ body, asker }) => reading.values(body, asker));
  routes.serve('queryMetricList', ({ body, asker }) => reading.metricList(body, asker));
  routes.serve('queryTableList', ({ body, asker }) => reading.tableList(body, asker));
  routes.serve('queryMetrics', ({ body, asker }) => reading.metrics(body, asker));
  routes.serve('queryRows', ({ query, body, caller, asker }) =>
    progress.follow(query.progress, caller, asker, (one) => reading.rows(body, one)),
  );
  routes.serve('progress', ({ id, caller }) => ({ share: progress.share(id, caller) }));
  routes.serve('row', ({ id, asker }) => reading.row(id, asker));
  routes.serve('queryDistribution', ({ body, asker }) => reading.distribution(body, asker));
  routes.serve('queryFacets', ({ body, asker }) => reading.facets(body, asker));
  routes.serve('queryGroups', ({ body, asker }) => reading.groups(body, asker));

  routes.serve('createExport', async ({ body, caller, asker }) => {
    const stream = await reading.openExport(body, asker);
    const { id, expiresAt } = tickets.create(stream, body, caller);
    return { path: `/exports/${id}`, rows: stream.total, expiresAt };
  });
  routes.serve('export', ({ id, caller, asker, request, reply }) => {
    sendExport(request, reply, tickets.get(id, caller), asker, slots, log);
    return ANSWERED;
  });

  routes.serve('labels', async ({ id, query, asker, request }) => ({
    ...(await reading.labels(id, query, asker)),
    taken: routes.takesLabels(request),
  }));
  routes.serve('putLabel', ({ id, body, access, request }) =>
    writing.label(id, body, personOf(body, request.headers), access),
  );
  routes.serve('events', ({ query, asker }) => {
    for (const name of ['run', 'types'] as const) {
      if (hasBrokenEncoding(query[name] ?? '')) {
        const how = 'each part of the list is percent-encoded by itself';
        throw new StoreError('invalid_request', `The percent-encoding of ${name} is broken; ${how}.`);
      }
    }
    return reading.events(query, asker);
  });

  routes.serve('putRun', ({ id, query, body, access }) =>
    writing.putRun(id, body, access, { leaves: query.beyond === 'leave' }),
  );
  routes.serve(
    'log',
    ({ id, query, body, access }) =>
      writing
        .log(id, body, access, query.beyond === 'leave' ? { leftOut: new LeftOut(new Set()) } : {})
        .catch((cause) => {
          throw withLine(cause, body);
        }),
    (bytes, mediaType, { batchId }) =>
      NDJSON_TYPES.includes(mediaType) ? ndjsonLogRequest(bytes, batchId) : jsonLogRequest(bytes, batchId),
  );
  routes.serve('logEvents', ({ id, body, access }) => writing.logEvents(id, body, access));
  routes.serve(
    'finish',
    ({ id, body, access }) => writing.finish(id, body, access),
    async (bytes) => (bytes.length === 0 ? {} : checkFinish(await parseBody(bytes))),
  );
  routes.serve(
    'putMedia',
    ({ query, body, access }) => media.put(query.run, body as Buffer, access),
    async (bytes) => bytes,
  );
  routes.serve('media', async ({ id, access, request, reply }): Promise<typeof ANSWERED> => {
    sendMedia(request, reply, await media.open(id, access));
    return ANSWERED;
  });

  routes.serve('deleteRun', ({ id, access }) => writing.deleteRun(id, access));
}
