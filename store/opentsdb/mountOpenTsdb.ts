import type { Asker } from '../Access';
import type { Mount } from '../http/createServer';
import { jsonPieces } from '../json/jsonPieces';
import { FewAtOnce } from '../pacing/FewAtOnce';
import { Room } from '../pacing/Room';
import type { StoreError } from '../StoreError';
import { Turn } from '../Turn';
import { AGGREGATORS } from './aggregators';
import type { OpenTsdb, SuggestType } from './OpenTsdb';
import { badRequest, OpenTsdbError, shown } from './OpenTsdbError';
import { parseTsdbRequest } from './parseQuery';
import { MOST, RequestCost } from './RequestCost';
import { seriesText } from './seriesText';
import { FILTER_TYPES } from './tagFilters';

/** The path below which the store has OpenTSDB's own paths; Grafana's data source is given this as its URL. */
const OPENTSDB_PREFIX = '/opentsdb';
const JSON_TYPE = 'application/json; charset=utf-8';
const SUGGESTS: readonly string[] = ['metrics', 'tagk', 'tagv'];
const DEFAULT_SUGGESTIONS = 25;
const MOST_SUGGESTIONS = 10_000;
/** Queries are texts of some hundred bytes; lists of runs in them may be longer. */
const BODY = { bytes: 256 * 1024, name: 'the bytes of a query' };

/** Requests that are worked on at one time: the rest of the store is to have processor and database, too. */
const WORKING = { what: 'OpenTSDB requests', atOnce: 3, patience: 15_000 };
/** Points held by answers that are being sent: those of four requests, which are 128 MB. */
const HELD_POINTS = 4 * MOST.read.count;
/** Points that an answer counts for besides its own, for what else it holds. */
const BESIDES = 20_000;

type Query = Partial<Record<string, string>>;

/** OpenTSDB's read API, version 2, as far as Grafana uses it. */
export function mountOpenTsdb(tsdb: OpenTsdb, now: () => number = Date.now): Mount {
  const few = new FewAtOnce(WORKING);
  const room = new Room('answers of OpenTSDB requests', HELD_POINTS);
  return ({ fastify, ...context }) => {
    fastify.register(
      async (scope) => {
        scope.setErrorHandler((error, request, reply) => {
          context.sendError(error, request, reply, inShape);
        });
        scope.setNotFoundHandler(() => {
          throw new OpenTsdbError(
            404,
            'Endpoint not found: this store answers /api/query, suggest, aggregators, config/filters and search/lookup.',
          );
        });
        const get = (url: string, answer: (query: Query, asker: Asker) => object | Promise<object>) =>
          scope.get(url, async (request, reply) => {
            const caller = context.admit(request, 'read');
            const query = givenOnce(request.query);
            await context.follow({ request, reply, caller }, async (asker) => {
              const result = await few.run(async () => answer(query, asker), asker);
              await context.sendText(request, reply, JSON_TYPE, jsonPieces(result));
            });
            return reply;
          });
        get('/api/aggregators', () => Object.keys(AGGREGATORS));
        get('/api/config/filters', () => FILTER_TYPES);
        get('/api/suggest', ({ type, q = '', max }, asker) => {
          if (type === undefined || !SUGGESTS.includes(type)) {
            throw badRequest(`Invalid 'type' parameter: ${shown(type)}. Use metrics, tagk or tagv.`);
          }
          return tsdb.suggest(type as SuggestType, q, whole(max, 'max', DEFAULT_SUGGESTIONS), asker);
        });
        get('/api/search/lookup', async ({ m, limit }, asker) => {
          if (!m) {
            throw badRequest("Missing 'm' parameter: the metric to look up.");
          }
          const metric = m.endsWith('}') ? (m.split('{', 1)[0] ?? '') : m;
          const most = whole(limit, 'limit', DEFAULT_SUGGESTIONS);
          const found = await tsdb.lookup(metric, most, asker, now());
          const results = found.map((tags) => ({ metric, tags, tsuid: '' }));
          const total = results.length;
          return {
            type: 'LOOKUP',
            metric,
            tags: [],
            limit: most,
            time: 0,
            results,
            startIndex: 0,
            totalResults: total,
          };
        });
        scope.post('/api/query', async (request, reply) => {
          const caller = context.admit(request, 'read');
          const { value } = await context.readJson(request, reply, BODY);
          await context.follow({ request, reply, caller }, async (asker) => {
            const spending = { cost: new RequestCost(), turn: new Turn(asker.signal) };
            const { asked, answered } = await few.run(async () => {
              const parsed = await parseTsdbRequest(value, now(), spending);
              return { asked: parsed, answered: await tsdb.query(parsed, asker, spending) };
            }, asker);
            room.hold(reply, BESIDES + spending.cost.taken('read'), asker.caller);
            const arrays = ['true', ''].includes(String((request.query as Query).arrays));
            const text = seriesText(answered, { arrays, inMilliseconds: asked.inMilliseconds }, spending.turn);
            await context.sendText(request, reply, JSON_TYPE, text);
          });
          return reply;
        });
      },
      { prefix: OPENTSDB_PREFIX },
    );
  };
}

function givenOnce(query: unknown): Query {
  const twice = Object.entries(query as object).find(([, value]) => Array.isArray(value));
  if (twice) {
    throw badRequest(`The parameter ${shown(twice[0])} is given more than once.`);
  }
  return query as Query;
}

function whole(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined || text === '') {
    return otherwise;
  }
  if (!/^\d{1,9}$/.test(text)) {
    throw badRequest(`Invalid '${name}' parameter: ${shown(text)} is no whole number.`);
  }
  return Math.min(Number(text), MOST_SUGGESTIONS);
}

/** A failure as OpenTSDB tells it. */
const inShape = ({ status, message }: StoreError) => ({ status, body: { error: { code: status, message } } });
