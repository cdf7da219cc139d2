import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../Access';
import { requireObject } from '../formats/readObject';
import type { Mount } from '../http/createServer';
import { Room } from '../pacing/Room';
import type { RunIndex } from '../runs/RunIndex';
import type { Reading, Writing } from '../services';
import { digestOf } from './digestOf';
import { Experiments } from './Experiments';
import { MetricHistory } from './MetricHistory';
import { MlflowArtifacts } from './MlflowArtifacts';
import { MlflowSessions } from './MlflowSessions';
import { MlflowError, mlflowError } from './mlflowError';
import { mountArtifacts } from './mountArtifacts';
import { RunLog } from './RunLog';
import { Runs } from './Runs';
import { RunSearch } from './search/RunSearch';

interface MlflowOptions {
  runIndex: RunIndex;
  writing: Writing;
  reading: Pick<Reading, 'metrics'>;
  stateOf(run: string): Promise<Map<string, string>>;
}

interface Call {
  /** The body's fields, of a GET the query's. */
  body: Record<string, unknown>;
  /** SHA-256 of the body as it came: a retry has the same. */
  digest: string;
  access: Access;
  request: FastifyRequest;
}

/** A call that only reads. */
interface ReadCall extends Pick<Call, 'body' | 'access'> {
  /** Keeps room for what the answer holds until it is sent; throws where there is none. */
  hold(bytes: number): void;
}

const API = '/api/2.0/mlflow';
/** Bytes that answers hold until they are sent, the largest of which have 60 MB; one caller may have half of it. */
const HELD_BYTES = 256 * 2 ** 20;
/** The least bytes that an answer holds. */
const BESIDES_BYTES = 10_000;

/** The REST API that unmodified MLflow clients log to (`MLFLOW_TRACKING_URI`). */
export function mountMlflow({ runIndex, writing, reading, stateOf }: MlflowOptions): Mount {
  const sessions = new MlflowSessions(runIndex, stateOf);
  const experiments = new Experiments(runIndex);
  const runs = new Runs(runIndex, writing, sessions);
  const found = new RunSearch(runIndex, sessions);
  const runLog = new RunLog(writing, sessions);
  const history = new MetricHistory(sessions, reading);
  const artifacts = new MlflowArtifacts(writing, sessions);
  const room = new Room('answers to MLflow clients', HELD_BYTES);

  return ({ fastify, admit, callerOf, readBody, readJson, arriving, follow, sendJson, sendError }) => {
    const options = {
      onRequest: async (request: FastifyRequest) => {
        admit(request, 'write');
      },
      errorHandler: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
        sendError(error, request, reply, mlflowError);
      },
    };
    const accessOf = (request: FastifyRequest) => callerOf(request).access;
    /** Reads until the client goes, and sends what was read as it takes it. */
    const read =
      (
        bodyOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Record<string, unknown>>,
        answer: (call: ReadCall) => object | Promise<object>,
      ) =>
      async (request: FastifyRequest, reply: FastifyReply) => {
        const caller = callerOf(request);
        const body = await bodyOf(request, reply);
        await follow({ request, reply, caller }, async (asker) => {
          const hold = (bytes: number) => room.hold(reply, bytes, asker.caller);
          hold(BESIDES_BYTES);
          await sendJson(request, reply, await answer({ body, access: asker, hold }));
        });
        return reply;
      };
    const get = (path: string, answer: (call: ReadCall) => object | Promise<object>) =>
      fastify.get(
        API + path,
        options,
        read(async (request) => request.query as Record<string, unknown>, answer),
      );
    const search = (path: string, answer: (call: ReadCall) => object | Promise<object>) =>
      fastify.post(
        API + path,
        options,
        read(async (request, reply) => requireObject((await readJson(request, reply)).value, 'The body'), answer),
      );
    const post = (path: string, answer: (call: Call) => object | Promise<object>) =>
      fastify.post(API + path, options, async (request, reply) => {
        const access = accessOf(request);
        const { value, bytes } = await readJson(request, reply);
        const body = requireObject(value, 'The body');
        return answer({ body, digest: await digestOf(bytes), access, request });
      });

    get('/experiments/get-by-name', ({ body, access }) => experiments.getByName(body.experiment_name, access));
    get('/experiments/get', ({ body, access }) => experiments.get(body.experiment_id, access));
    post('/experiments/create', ({ body, access }) => experiments.create(body.name, access));
    search('/experiments/search', ({ body, access }) => experiments.search(body, access));

    post('/runs/create', ({ body, digest, access, request }) => {
      // Weakly, since a run outlives the connection over which it was created.
      const socket = new WeakRef(request.raw.socket);
      return runs.create(body, digest, access, () => socket.deref()?.destroyed === false);
    });
    get('/runs/get', ({ body, access, hold }) => runs.get(body.run_id ?? body.run_uuid, access, hold));
    search('/runs/search', ({ body, access, hold }) => found.find(body, access, hold));
    get('/metrics/get-history', ({ body, access, hold }) => history.read(body, access, hold));
    post('/runs/update', ({ body, access }) => runs.update(body, access));

    post('/runs/log-batch', ({ body, digest, access }) => runLog.take(body, digest, access));
    post('/runs/log-metric', ({ body, digest, access }) => runLog.take({ ...body, metrics: [body] }, digest, access));
    post('/runs/log-parameter', ({ body, digest, access }) => runLog.take({ ...body, params: [body] }, digest, access));
    post('/runs/set-tag', ({ body, digest, access }) => runLog.take({ ...body, tags: [body] }, digest, access));
    post('/runs/delete-tag', ({ body, access }) => runLog.deleteTag(body, access));
    for (const [path, kind] of [
      ['log-inputs', 'MLflow inputs (datasets)'],
      ['outputs', 'MLflow outputs (models)'],
      ['log-model', 'MLflow models'],
    ] as const) {
      post(`/runs/${path}`, async ({ body, access }) => runLog.leave(body.run_id, kind, access));
    }

    mountArtifacts({ fastify, readBody, arriving }, artifacts, options, accessOf);

    // Recent clients ask for these on the way to something else; nothing of it is here.
    post('/logged-models/search', () => ({}));
    fastify.get('/api/3.0/mlflow/server-info', options, async () => ({
      workspaces_enabled: false,
      multipart_uploads_enabled: false,
      multipart_downloads_enabled: false,
    }));
    for (const version of ['2.0', '3.0', '4.0']) {
      fastify.all(`/api/${version}/*`, options, async (request) => {
        const path = (request.url.split('?')[0] ?? '').slice(0, 200);
        const what = 'experiments, runs, metrics, parameters, tags and tables';
        throw new MlflowError(
          'ENDPOINT_NOT_FOUND',
          `The run store has no ${request.method} ${path}; it takes ${what}.`,
        );
      });
    }
  };
}
