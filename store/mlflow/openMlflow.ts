import { createHash } from 'node:crypto';
import { LIMITS } from '@rolloscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../Access';
import { readObject } from '../formats/readObject';
import type { Doors, Mount } from '../http/createServer';
import type { Log } from '../http/Log';
import { sendError } from '../http/sendError';
import type { Caller } from '../http/Tokens';
import type { RunBook } from '../runs/RunBook';
import { StoreError } from '../StoreError';
import type { Reading, Writing } from '../services';
import { Artifacts, noArtifact } from './Artifacts';
import { Experiments } from './Experiments';
import { MetricHistory } from './MetricHistory';
import { MlflowError, mlflowError } from './mlflowError';
import { RunLog } from './RunLog';
import { RunSessions } from './RunSessions';
import { Runs } from './Runs';

export interface MlflowOptions {
  book: RunBook;
  writing: Writing;
  reading: Pick<Reading, 'metrics'>;
  notesOf(run: string): Promise<Map<string, string>>;
  log: Log;
}

interface Call {
  /** The body's fields, of a GET the query's. */
  body: Record<string, unknown>;
  /** SHA-256 of the body as it came: a retry has the same. */
  digest: string;
  access: Access;
  request: FastifyRequest;
  reply: FastifyReply;
}

const API = '/api/2.0/mlflow';
const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';

/** The REST API that unmodified MLflow clients log to (`MLFLOW_TRACKING_URI`). */
export function openMlflow({ book, writing, reading, notesOf, log }: MlflowOptions): Mount {
  const sessions = new RunSessions(book, notesOf);
  const experiments = new Experiments(book);
  const runs = new Runs(book, writing, sessions);
  const runLog = new RunLog(writing, sessions);
  const history = new MetricHistory(sessions, reading);
  const artifacts = new Artifacts(writing, sessions);

  return ({ fastify, admit, readBody }) => {
    const callers = new WeakMap<FastifyRequest, Caller>();
    const options = {
      onRequest: async (request: FastifyRequest) => {
        callers.set(request, admit(request, 'write'));
      },
      errorHandler: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
        sendError(log, error, request, reply, mlflowError);
      },
    };
    const accessOf = (request: FastifyRequest) => {
      const caller = callers.get(request);
      if (!caller) {
        throw new Error('The gate was not asked.');
      }
      return caller.access;
    };
    const get = (path: string, answer: (call: Pick<Call, 'body' | 'access'>) => object | Promise<object>) =>
      fastify.get(API + path, options, async (request) =>
        answer({ body: request.query as Record<string, unknown>, access: accessOf(request) }),
      );
    const post = (path: string, answer: (call: Call) => object | Promise<object>) =>
      fastify.post(API + path, options, async (request, reply) => {
        const access = accessOf(request);
        const bytes = await readBody(request, reply);
        const body = readObject(bytes.toString(), 'The body');
        return answer({ body, digest: createHash('sha256').update(bytes).digest('hex'), access, request, reply });
      });

    get('/experiments/get-by-name', ({ body, access }) => experiments.getByName(body.experiment_name, access));
    get('/experiments/get', ({ body, access }) => experiments.get(body.experiment_id, access));
    post('/experiments/create', ({ body, access }) => experiments.create(body.name, access));
    post('/experiments/search', ({ access }) => experiments.all(access));

    post('/runs/create', async ({ body, digest, access, reply }) => {
      const { id, answer } = await runs.create(body, digest, access);
      reply.raw.once('close', () => reply.raw.writableFinished || runs.unanswered(id));
      return answer;
    });
    get('/runs/get', ({ body, access }) => runs.get(body.run_id ?? body.run_uuid, access));
    post('/runs/search', ({ body, access }) => runs.search(body, access));
    get('/metrics/get-history', ({ body, access }) => history.read(body, access));
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

    mountArtifacts({ fastify, readBody }, options, artifacts, accessOf);

    // What recent clients ask for on the way to something else; none of it is here.
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

function mountArtifacts(
  { fastify, readBody }: Pick<Doors, 'fastify' | 'readBody'>,
  options: object,
  artifacts: Artifacts,
  accessOf: (request: FastifyRequest) => Access,
): void {
  fastify.get(ARTIFACTS, options, async (request) => {
    const { path } = request.query as Record<string, unknown>;
    return artifacts.list(String(path ?? ''), accessOf(request));
  });
  fastify.get<{ Params: { '*': string } }>(`${ARTIFACTS}/*`, options, async ({ params }) => {
    throw noArtifact(params['*']);
  });
  fastify.put<{ Params: { '*': string } }>(`${ARTIFACTS}/*`, options, async (request, reply) => {
    const drop = async () => {
      for await (const _ of request.raw) {
        // Read to its end: an answer before that would be lost on a connection that is reset.
      }
      return undefined;
    };
    const read = async (isWanted: boolean) => {
      if (!isWanted || Number(request.headers['content-length'] ?? 0) > LIMITS.bodyBytes) {
        return drop();
      }
      return readBody(request, reply).catch((cause: unknown) => {
        if (cause instanceof StoreError && cause.code === 'body_too_large') {
          return undefined;
        }
        throw cause;
      });
    };
    return artifacts.take(request.params['*'], read, accessOf(request));
  });
}
