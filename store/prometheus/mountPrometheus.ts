import type { Mount } from '../http/createServer';
import { FewAtOnce } from '../pacing/FewAtOnce';
import { Room } from '../pacing/Room';
import { StoreError } from '../StoreError';
import { collectExposed, type ExposedSources, MOST_CHARS } from './collectExposed';
import { exposedText } from './exposedText';
import type { StoreMetrics } from './StoreMetrics';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const PARAMETERS = ['run', 'metric'];
const MOST_GLOBS = 100;
const MOST_GLOB_CHARS = 1_000;

/** Scrapes that are collected at one time; another one of a caller that waits has been given up, or is one too many. */
const WORKING = { what: 'scrapes', atOnce: 2, patience: 10_000 };
/** Characters of labels held by answers that are being sent, and what an answer holds besides, in characters. */
const HELD_CHARS = 4 * MOST_CHARS;
const BESIDES = 100_000;

/** Globs of what is exposed where a scrape does not say. */
interface ExposeDefaults {
  runs: readonly string[];
  metrics: readonly string[];
}

/**
 * `GET /metrics`. A scrape may choose by globs, as `params` of its config: `run` (an id, or `project/id`) and `metric`,
 * each as often as needed.
 */
export function mountPrometheus(sources: ExposedSources, store: StoreMetrics, defaults: ExposeDefaults): Mount {
  const few = new FewAtOnce(WORKING);
  const room = new Room('scrapes', HELD_CHARS);
  return ({ fastify, admit, follow, sendText }) => {
    fastify.route({
      method: ['GET', 'HEAD'],
      url: '/metrics',
      handler: async (request, reply) => {
        const caller = admit(request, 'read');
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
          if (given.some((glob) => glob.length > MOST_GLOB_CHARS)) {
            throw new StoreError(
              'limit_exceeded',
              `A pattern of ${name} is longer than ${MOST_GLOB_CHARS} characters.`,
            );
          }
          return given;
        };
        const patterns = { runs: globs('run', defaults.runs), metrics: globs('metric', defaults.metrics) };
        await follow({ request, reply, caller }, async (asker) => {
          const exposed = await few.run(() => collectExposed(sources, asker, patterns), asker);
          room.hold(reply, BESIDES + exposed.chars, asker.caller);
          async function* text() {
            yield* exposedText(exposed, sources.limit, asker.signal);
            yield await store.text();
          }
          await sendText(request, reply, TYPE, text());
        });
        return reply;
      },
    });
  };
}
