import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Doors, Mount } from '../http/createServer';
import { StoreError } from '../StoreError';
import { AGGREGATORS } from './aggregators';
import type { OpenTsdb, SuggestType } from './OpenTsdb';
import { badRequest, OpenTsdbError } from './OpenTsdbError';
import { parseTsdbRequest } from './parseQuery';
import { seriesText } from './seriesText';
import { FILTER_TYPES } from './tagFilters';

/** What the store answers beside OpenTSDB's own paths; Grafana's data source is given this as its URL. */
export const OPENTSDB_PREFIX = '/opentsdb';
const JSON_TYPE = 'application/json; charset=utf-8';
const SUGGESTS: readonly string[] = ['metrics', 'tagk', 'tagv'];
const DEFAULT_SUGGESTIONS = 25;
const MOST_SUGGESTIONS = 10_000;

/** OpenTSDB's read API, version 2, as far as Grafana uses it. */
export function mountOpenTsdb(tsdb: OpenTsdb, now: () => number = Date.now): Mount {
  return ({ fastify, ...doors }) => {
    fastify.register(
      async (scope) => {
        scope.setErrorHandler((error, _request, reply) => sendFailure(error, reply));
        scope.setNotFoundHandler(() => {
          throw new OpenTsdbError(
            404,
            'Endpoint not found: this store answers /api/query, suggest, aggregators, config/filters and search/lookup.',
          );
        });
        const get = (url: string, answer: (query: Query, request: FastifyRequest) => unknown) =>
          scope.get(url, async (request, reply) => {
            const result = await answer(givenOnce(request.query), request);
            return reply.type(JSON_TYPE).send(JSON.stringify(result));
          });
        get('/api/aggregators', (_query, request) => {
          doors.admit(request, 'read');
          return Object.keys(AGGREGATORS);
        });
        get('/api/config/filters', (_query, request) => {
          doors.admit(request, 'read');
          return FILTER_TYPES;
        });
        get('/api/suggest', ({ type, q = '', max }, request) => {
          const { access } = doors.admit(request, 'read');
          if (type === undefined || !SUGGESTS.includes(type)) {
            throw badRequest(`Invalid 'type' parameter: ${JSON.stringify(type)}. Use metrics, tagk or tagv.`);
          }
          return tsdb.suggest(type as SuggestType, q, whole(max, 'max', DEFAULT_SUGGESTIONS), access);
        });
        get('/api/search/lookup', async ({ m, limit }, request) => {
          const { access } = doors.admit(request, 'read');
          const metric = m?.replace(/\{.*\}$/s, '');
          if (!metric) {
            throw badRequest("Missing 'm' parameter: the metric to look up.");
          }
          const most = whole(limit, 'limit', DEFAULT_SUGGESTIONS);
          const found = await tsdb.lookup(metric, most, access, now());
          const results = found.map((tags) => ({ metric, tags, tsuid: '' }));
          return {
            type: 'LOOKUP',
            metric,
            tags: [],
            limit: most,
            time: 0,
            results,
            startIndex: 0,
            totalResults: results.length,
          };
        });
        scope.post('/api/query', (request, reply) => answerQuery(tsdb, doors, request, reply, now()));
      },
      { prefix: OPENTSDB_PREFIX },
    );
  };
}

type Query = Partial<Record<string, string>>;

async function answerQuery(
  tsdb: OpenTsdb,
  doors: Omit<Doors, 'fastify'>,
  request: FastifyRequest,
  reply: FastifyReply,
  now: number,
): Promise<FastifyReply> {
  const { access } = doors.admit(request, 'read');
  const asked = parseTsdbRequest((await doors.readJson(request, reply)).value, now);
  const series = await tsdb.query(asked, access);
  const isArrays = ['true', ''].includes(String((request.query as Query).arrays));
  await doors.sendText(request, reply, JSON_TYPE, joined(seriesText(series, isArrays, asked.inMilliseconds)));
  return reply;
}

/** Points are many and small; joined before they are handed on. */
function* joined(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length > 65_536) {
      yield text;
      text = '';
    }
  }
  yield text;
}

function givenOnce(query: unknown): Query {
  const twice = Object.entries(query as object).find(([, value]) => Array.isArray(value));
  if (twice) {
    throw badRequest(`The parameter '${twice[0]}' is given more than once.`);
  }
  return query as Query;
}

function whole(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined || text === '') {
    return otherwise;
  }
  if (!/^\d{1,9}$/.test(text)) {
    throw badRequest(`Invalid '${name}' parameter: ${JSON.stringify(text)} is no whole number.`);
  }
  return Math.min(Number(text), MOST_SUGGESTIONS);
}

/** Any failure in OpenTSDB's shape. What is no fault of the caller goes on to the store's own handler, which logs it. */
function sendFailure(error: unknown, reply: FastifyReply): FastifyReply {
  if (!(error instanceof OpenTsdbError || error instanceof StoreError)) {
    throw error;
  }
  if (error.status === 401) {
    reply.header('www-authenticate', 'Bearer realm="rolloscope"');
  }
  return reply
    .code(error.status)
    .type(JSON_TYPE)
    .send(JSON.stringify({ error: { code: error.status, message: error.message } }));
}
