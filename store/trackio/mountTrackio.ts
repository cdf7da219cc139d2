import type { FastifyRequest } from 'fastify';
import type { Mount } from '../http/createServer';
import type { RunIndex } from '../runs/RunIndex';
import type { Writing } from '../services';
import { readCall } from './readCall';
import { TrackioApi } from './TrackioApi';
import { TrackioLogs } from './TrackioLogs';
import { TrackioRuns } from './TrackioRuns';

/** Clients send their own token in a header of trackio's. */
const TOKEN_HEADER = 'x-trackio-write-token';
/** The version of trackio's HTTP API, as clients 0.24 to 0.43 speak it; they fall back to another protocol where it differs. */
const VERSION = { api_version: 1 };
/** Bytes of a call. What a client kept while the store was away comes in one, however much it is. */
const CALL = { bytes: 128 * 1024 * 1024, name: 'the bytes of a call' };
/** Names of what scripts pass by position. */
const POSITIONS = ['project', 'run', 'run_id'];

/** The endpoints that unmodified trackio clients talk to (`TRACKIO_SERVER_URL`). */
export function mountTrackio(runIndex: RunIndex, writing: Writing): Mount {
  const runs = new TrackioRuns(runIndex, writing);
  const api = new TrackioApi(runs, new TrackioLogs(runIndex, writing, runs));
  return ({ fastify, admit, readJson, arriving }) => {
    const callerOf = (request: FastifyRequest) => {
      const token = request.headers[TOKEN_HEADER];
      return admit(request, 'write', typeof token === 'string' && token !== '' ? token : undefined);
    };

    fastify.get('/version', async () => VERSION);

    fastify.post<{ Params: { name: string } }>('/api/:name', async (request, reply) => {
      const { access } = callerOf(request);
      const call = readCall((await readJson(request, reply, CALL)).value, POSITIONS);
      return api.answer(request.params.name, call, access);
    });

    // An upload is read to the end and forgotten: a client whose upload fails tries for ever.
    fastify.post('/api/upload', async (request) => {
      callerOf(request);
      for await (const _ of arriving(request)) {
        // Nothing of it is kept.
      }
      return { paths: ['not-kept'] };
    });
  };
}
