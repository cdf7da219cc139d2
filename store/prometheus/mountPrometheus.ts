import type { Mount } from '../http/createServer';
import { StoreError } from '../StoreError';
import type { RunExposition } from './RunExposition';
import type { StoreMetrics } from './StoreMetrics';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const PARAMETERS = ['run', 'metric'];
const MOST_GLOBS = 100;

/** What is exposed where a scrape does not say. */
export interface ExposeDefaults {
  runs: readonly string[];
  metrics: readonly string[];
}

/**
 * `GET /metrics`. A scrape may choose by globs, as `params` of its config: `run` (an id, or `project/id`) and `metric`,
 * each as often as needed.
 */
export function mountPrometheus(runs: RunExposition, store: StoreMetrics, defaults: ExposeDefaults): Mount {
  return ({ fastify, admit, sendText }) => {
    fastify.route({
      method: ['GET', 'HEAD'],
      url: '/metrics',
      handler: async (request, reply) => {
        const { access } = admit(request, 'read');
        const query = request.query as Record<string, string | string[]>;
        const unknown = Object.keys(query).find((name) => !PARAMETERS.includes(name));
        if (unknown !== undefined) {
          throw new StoreError(
            'invalid_request',
            `/metrics has no ${JSON.stringify(unknown)}; it knows run and metric.`,
          );
        }
        const globs = (name: string, otherwise: readonly string[]) => {
          const given = query[name] === undefined ? otherwise : [query[name]].flat();
          if (given.length > MOST_GLOBS) {
            throw new StoreError(
              'limit_exceeded',
              `${name} is given ${given.length} times; the limit is ${MOST_GLOBS}.`,
            );
          }
          return given;
        };
        const patterns = { runs: globs('run', defaults.runs), metrics: globs('metric', defaults.metrics) };
        async function* text() {
          yield* runs.text(access, patterns);
          yield await store.text();
        }
        await sendText(request, reply, TYPE, text());
        return reply;
      },
    });
  };
}
