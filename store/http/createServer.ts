import { API_BASE, ROUTES, type Route } from '@rolloscope/contract';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Asker } from '../Access';
import { readJson } from '../formats/readObject';
import { StoreError } from '../StoreError';
import { admissionOf, callerOf } from './admitted';
import { arriving } from './arriving';
import { Bodies } from './Bodies';
import { Connections } from './Connections';
import { checker } from './checker';
import { Gate } from './Gate';
import type { Log } from './Log';
import { requireType } from './mediaTypes';
import { hasBrokenEncoding, parseQuery } from './parseQuery';
import { type ReadRequest, ReadsUnderWay } from './ReadsUnderWay';
import { Registrar } from './Registrar';
import type { BodyLimit } from './readBody';
import { registerRoutes, type Services } from './routes';
import { type ErrorShape, sendClientError, sendError } from './sendError';
import { sendJson } from './sendJson';
import { sendText } from './sendText';
import type { Caller, Scope, Tokens } from './Tokens';

/** Milliseconds for a request to arrive, whole. */
const ARRIVAL = 120_000;
/** Milliseconds without a byte in either direction. */
const SILENCE = 300_000;
/** Bytes of the URL and headers. A list of run ids travels in a query string. */
const HEAD_BYTES = 64 * 1024;

/** Headers of answers: nobody but the asker keeps them, and no other page shows or runs them. */
const ANSWER_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

const paths = Object.values<Route>(ROUTES).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${API_BASE}${path.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
}));

/** The means of an adapter of another tool's protocol, to serve its own routes behind the same gate and limits. */
export interface AdapterContext {
  fastify: FastifyInstance;
  /** Throws what the gate throws for a caller that may not do that. `token`: sent in a header of the tool's own. */
  admit(request: FastifyRequest, scope: Scope, token?: string): Caller;
  /** Returns who makes a request that was admitted. */
  callerOf: typeof callerOf;
  /** Everybody who may be a caller now: whose word, given earlier, still counts. */
  callers(): readonly Caller[];
  /** The whole body, decompressed; throws `body_too_large`. At most `limit` bytes, by default those of the contract. */
  readBody(request: FastifyRequest, reply: FastifyReply, limit?: BodyLimit): Promise<Buffer>;
  /** A body as it arrives, however large; throws for a sender that stops midway. */
  arriving(request: FastifyRequest): AsyncIterable<Buffer>;
  /** A whole body that is JSON as Python writes it; throws `unsupported_media_type` for any other, unread. */
  readJson(request: FastifyRequest, reply: FastifyReply, limit?: BodyLimit): Promise<JsonBody>;
  /** Compiles a schema; what does not fit it is refused as the contract's own routes refuse it. */
  checker: typeof checker;
  /** Reads for a request until its client goes; see `ReadsUnderWay`. */
  follow(asked: ReadRequest, read: (asker: Asker) => Promise<void>): Promise<void>;
  /** Sends an answer as it comes, compressed where the client takes that. */
  sendText: typeof sendText;
  /** The same of a value, as JSON. */
  sendJson: typeof sendJson;
  /** Answers a failure in the protocol's own shape; one that nobody foresaw goes to the log, as everywhere. */
  sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, shape: ErrorShape): void;
}
interface JsonBody {
  value: unknown;
  bytes: Buffer;
}
export type Mount = (context: AdapterContext) => void;

/**
 * The HTTP half of the store. Whatever Fastify does by itself to requests and errors is replaced: it would strip
 * unknown fields, coerce types and answer in shapes of its own.
 */
export function createServer(
  services: Services,
  tokens: Tokens,
  log: Log,
  mounts: readonly Mount[] = [],
): { fastify: FastifyInstance; gate: Gate; reads: ReadsUnderWay } {
  const gate = new Gate(tokens);
  const server = fastify({
    logger: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: ARRIVAL,
    connectionTimeout: SILENCE,
    http: { maxHeaderSize: HEAD_BYTES, headersTimeout: 30_000, connectionsCheckingInterval: 5_000 },
    routerOptions: { maxParamLength: HEAD_BYTES, querystringParser: parseQuery },
    clientErrorHandler: sendClientError,
    frameworkErrors: (error, request, reply) => sendError(log, error, request, reply),
  });
  server.decorateRequest('admitted', null);
  const connections = new Connections(server.server);
  // Bodies are read by the routes, after the gate; Fastify hands them on as they come.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
  server.setErrorHandler((error, request, reply) => sendError(log, error, request, reply));
  server.setNotFoundHandler((request) => {
    throw notFound(request);
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(ANSWER_HEADERS);
    connections.receive(request.raw);
    gate.receive(request);
    if (hasBrokenEncoding(request.raw.url ?? '')) {
      throw new StoreError('invalid_request', 'The percent-encoding of the URL is broken.');
    }
    const allowed = request.is404 ? allowedMethods(request) : [];
    if (allowed.length > 0) {
      reply.header('allow', allowed.join(', '));
      if (request.method === 'OPTIONS') {
        return reply.code(204).send();
      }
      throw new StoreError('method_not_allowed', `${request.method} is not for this path; use ${allowed.join(', ')}.`);
    }
    if (request.is404) {
      throw notFound(request);
    }
    return undefined;
  });
  // A body that will be refused by its length or its token need not be sent at all: `readBody` says when to go on.
  const hand = (request: unknown, response: unknown) => server.server.emit('request', request, response);
  server.server.on('checkContinue', hand);
  server.server.on('checkExpectation', hand);

  const bodies = new Bodies();
  const reads = new ReadsUnderWay();
  registerRoutes(new Registrar(server, gate, bodies, reads), services, log);
  const bytesOf = async (request: FastifyRequest, reply: FastifyReply, limit?: BodyLimit) => {
    const { scope, caller } = admissionOf(request);
    return bodies.read(request, reply, scope === 'read' ? 'read' : 'write', caller, limit);
  };
  for (const mount of mounts) {
    mount({
      fastify: server,
      admit: (request, scope, token) => {
        const caller = gate.admit(request, scope, token);
        request.admitted = { scope, caller };
        return caller;
      },
      callerOf,
      callers: () => tokens.callers,
      readBody: bytesOf,
      arriving: (request) => arriving(request.raw),
      readJson: async (request, reply, limit) => {
        requireType(request.headers);
        const bytes = await bytesOf(request, reply, limit);
        return { value: await readJson(bytes, 'The body'), bytes };
      },
      checker,
      follow: (asked, read) => reads.follow(asked, read),
      sendText,
      sendJson,
      sendError: (error, request, reply, shape) => {
        sendError(log, error, request, reply, shape);
      },
    });
  }
  return { fastify: server, gate, reads };
}

function allowedMethods(request: FastifyRequest): string[] {
  const path = (request.raw.url ?? '').split('?')[0] ?? '';
  const methods = paths.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return methods.length === 0 ? [] : [...methods.flatMap((one) => (one === 'GET' ? [one, 'HEAD'] : [one])), 'OPTIONS'];
}

function notFound(request: FastifyRequest): StoreError {
  const path = (request.raw.url ?? '').split('?')[0] ?? '';
  return new StoreError('route_not_found', `No such path: ${path.slice(0, 200)}. ${API_BASE}/openapi.json lists all.`);
}
