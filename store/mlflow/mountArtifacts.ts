import { LIMITS } from '@rolloscope/contract';
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { Access } from '../Access';
import { textOf } from '../formats/coerce';
import type { AdapterContext } from '../http/createServer';
import { StoreError } from '../StoreError';
import type { MlflowArtifacts } from './MlflowArtifacts';
import { MlflowError } from './mlflowError';

/** The path under which clients find what is at `mlflow-artifacts:/`. */
const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';

/** The proxy for artifacts that MLflow's servers have. */
export function mountArtifacts(
  { fastify, readBody, arriving }: Pick<AdapterContext, 'fastify' | 'readBody' | 'arriving'>,
  artifacts: MlflowArtifacts,
  options: RouteShorthandOptions,
  accessOf: (request: FastifyRequest) => Access,
): void {
  fastify.get(ARTIFACTS, options, async (request) => {
    const { path } = request.query as Record<string, unknown>;
    return artifacts.list(textOf(path ?? ''), accessOf(request));
  });

  fastify.get<{ Params: { '*': string } }>(`${ARTIFACTS}/*`, options, async ({ params }) => {
    const path = params['*'].slice(0, 200);
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The run store gives no artifacts back; there is no ${path}.`);
  });

  /** Reads a body; returns undefined for one beyond the limit. */
  const readWithin = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      return await readBody(request, reply);
    } catch (cause) {
      if (cause instanceof StoreError && cause.code === 'body_too_large') {
        return undefined;
      }
      throw cause;
    }
  };
  fastify.put<{ Params: { '*': string } }>(`${ARTIFACTS}/*`, options, async (request, reply) => {
    const fits = Number(request.headers['content-length'] ?? 0) <= LIMITS.bodyBytes;
    const read = (isWanted: boolean) => (isWanted && fits ? readWithin(request, reply) : drop(arriving(request)));
    return artifacts.take(request.params['*'], read, accessOf(request));
  });
}

/** Reads to the end: an answer before that would be lost on a connection that is reset. */
async function drop(source: AsyncIterable<unknown>): Promise<undefined> {
  for await (const _ of source) {
    // Nothing of it is kept.
  }
}
