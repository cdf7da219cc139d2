import {
  type AnswerOf,
  API_BASE,
  LABEL_TOKEN_HEADER,
  LIMITS,
  Name,
  ROUTES,
  type Route,
  type RouteName,
} from '@rolloscope/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Access, Asker } from '../Access';
import { parseBody } from '../json/parseJson';
import { StoreError } from '../StoreError';
import { callerOf } from './admitted';
import type { Bodies } from './Bodies';
import { checker } from './checker';
import type { Gate } from './Gate';
import { isToldAsAnswer } from './isToldAsAnswer';
import { hasNoBody, JSON_TYPE, NDJSON_TYPES, requireType } from './mediaTypes';
import type { ReadsUnderWay } from './ReadsUnderWay';
import { errorAnswer } from './sendError';
import { sendJson } from './sendJson';
import type { Caller } from './Tokens';

type Of<N extends RouteName, Part extends string> =
  (typeof ROUTES)[N] extends Record<Part, infer S extends TSchema> ? Static<S> : undefined;

/** A request, checked against its route's schemas. */
export interface Call<N extends RouteName> {
  /** The path's parameter, decoded; empty where the path has none. */
  id: string;
  query: Of<N, 'query'>;
  body: Of<N, 'body'>;
  caller: Caller;
  access: Access;
  /** The caller of a route that reads: its reads end when the client goes. */
  asker: Asker;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** A route's result when it has sent its answer itself. (The reply would not do: awaiting one waits for its end.) */
export const ANSWERED: unique symbol = Symbol('answered');

/** A route's result: the answer that its schema says, or that it was sent. */
type Answer<N extends RouteName> = AnswerOf<N> | typeof ANSWERED;

/** Turns the bytes of a body into what the route's schema says. */
type ParseBody<N extends RouteName> = (
  bytes: Buffer,
  mediaType: string,
  query: Of<N, 'query'>,
) => Promise<Of<N, 'body'>>;

/** The limit of a body that tells of a run, in bytes: what it tells stays in memory. */
const RUN_LIMIT = { bytes: LIMITS.runBytes, name: 'runBytes' };
const MEDIA_LIMIT = { bytes: LIMITS.mediaBytes, name: 'mediaBytes' };

const checkId = checker(Name, 'The id in the path');

/** Registers a route of the contract with what answers it: the gate, the body's limits and the schemas come along. */
export class Registrar {
  constructor(
    private readonly fastify: FastifyInstance,
    private readonly gate: Gate,
    private readonly bodies: Bodies,
    private readonly reads: ReadsUnderWay,
  ) {}

  serve<N extends RouteName>(
    name: N,
    answer: (call: Call<N>) => Answer<N> | Promise<Answer<N>>,
    parseBody: ParseBody<N> = jsonBody(name),
  ): void {
    const route: Route = ROUTES[name];
    const checkQuery = route.query && checker(route.query, 'The query string');
    const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const caller = callerOf(request);
      const [id = ''] = Object.values(request.params as Record<string, string>);
      if (route.path.includes('{id}')) {
        checkId(id);
      }
      const query = checkQuery?.(givenOnce(request.query)) as Of<N, 'query'>;
      const body = route.body
        ? await parseBody(...(await this.#bytes(name, request, reply, caller)), query)
        : undefined;
      const call = { id, query, body: body as Of<N, 'body'>, caller, access: caller.access, request, reply };
      const send = async (asker: Asker) => {
        const result = await answer({ ...call, asker });
        if (result !== ANSWERED) {
          await sendJson(request, reply, result);
        }
      };
      // What is written is not undone because nobody waits for the answer.
      await (route.scope === 'read'
        ? this.reads.follow({ request, reply, caller }, send, name !== 'export')
        : send(caller.access));
    };
    this.fastify.route({
      method: route.method === 'GET' ? ['GET', 'HEAD'] : [route.method],
      url: API_BASE + route.path.replace(/\{(\w+)\}/g, ':$1'),
      onRequest: async (request) => {
        request.admitted = {
          scope: route.scope,
          caller: this.gate.admit(request, route.scope, labelToken(request, route)),
        };
      },
      handler: async (request, reply) => {
        try {
          await handle(request, reply);
        } catch (error) {
          if (!isToldAsAnswer(error, route, request.headers)) {
            throw error;
          }
          reply.header('preference-applied', 'handling=lenient');
          await sendJson(request, reply, errorAnswer(error));
        }
        return reply;
      },
    });
  }

  /** Says whether anybody could label by the way that this request came. */
  takesLabels(request: FastifyRequest): boolean {
    return this.gate.takesLabels(request);
  }

  async #bytes(
    name: RouteName,
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
  ): Promise<[Buffer, string]> {
    const { headers } = request;
    if (hasNoBody(headers)) {
      return [Buffer.alloc(0), ''];
    }
    if (name === 'putMedia') {
      // What it is, is told by the bytes. No page of the web can send a PUT without being asked for leave.
      return [await this.bodies.read(request, reply, 'write', caller, MEDIA_LIMIT), ''];
    }
    const mediaType = requireType(headers, name === 'log' ? [JSON_TYPE, ...NDJSON_TYPES] : [JSON_TYPE]);
    const { scope }: Route = ROUTES[name];
    const limit = name === 'putRun' || name === 'finish' ? RUN_LIMIT : undefined;
    return [await this.bodies.read(request, reply, scope === 'none' ? 'read' : scope, caller, limit), mediaType];
  }
}

/** A token to label with comes beside the one to read with, which a proxy adds to every call; else it is the only one. */
const labelToken = ({ headers }: FastifyRequest, { scope }: Route): string | undefined =>
  scope === 'label' ? headers[LABEL_TOKEN_HEADER]?.toString() || undefined : undefined;

function givenOnce(query: unknown): unknown {
  const twice = Object.entries(query as object).find(([, value]) => Array.isArray(value));
  if (twice) {
    throw new StoreError('invalid_request', `The query string has ${twice[0]} more than once.`);
  }
  return query;
}

function jsonBody<N extends RouteName>(name: N): ParseBody<N> {
  const { body }: Route = ROUTES[name];
  const check = body && checker(body, 'The body');
  return async (bytes) => check?.(await parseBody(bytes)) as Of<N, 'body'>;
}
