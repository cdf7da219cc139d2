import { RUN_GAUGES } from '@rolloscope/contract';
import fc from 'fast-check';
import { AGGREGATORS } from '../../../store/opentsdb/aggregators';
import { FILTER_TYPES } from '../../../store/opentsdb/tagFilters';
import { judgeElsewhere } from './contract';
import { type Endpoint, JSON_HEADERS, jsonOf } from './Endpoint';
import { anyJson } from './fitting';
import { hostileText } from './hostileText';
import { onTheWire } from './onTheWire';
import { spoiled } from './spoiled';
import type { WireRequest } from './WireRequest';
import { metric, oddName, runId, WORDS } from './words';

const name = fc.oneof(fc.constantFrom(...Object.keys(RUN_GAUGES)), metric);
const aggregator = fc.constantFrom(...Object.keys(AGGREGATORS));
const interval = fc.constantFrom('1ms', '1s', '1m', '1h', '7d', '1n', '1y', '0all', '999999999y', '1mc', '0s');
const fill = fc.constantFrom('', '-none', '-nan', '-null', '-zero', '-zero');
const time = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    1,
    '0',
    '1h-ago',
    '30d-ago',
    '999999999y-ago',
    'now',
    1e308,
    -1,
    '1970/01/01',
    '9999/99/99',
  ),
  fc.constantFrom<unknown>(1_760_000_000_000, 1_760_000_100, '1760000100', '99999999999999'),
);
const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('run', 'project', 'group', 'metric', 'state', 'task', 'host') },
  { weight: 1, arbitrary: oddName },
);
const value = fc.oneof(
  runId,
  WORDS.text ?? oddName,
  fc.constantFrom('*', 'literal_or(ppo|base)', 'regexp((a+)+b)', `${'*a'.repeat(100)}b`, 'wildcard()'),
);
const type = fc.constantFrom(...Object.keys(FILTER_TYPES));

const query = fc.record(
  {
    metric: name,
    aggregator,
    downsample: fc.tuple(interval, aggregator, fill).map(([width, by, rest]) => `${width}-${by}${rest}`),
    rate: fc.boolean(),
    rateOptions: fc.record(
      { counter: fc.boolean(), counterMax: fc.constantFrom<unknown>(1, '1e308', 2 ** 63), dropResets: fc.boolean() },
      { requiredKeys: [] },
    ),
    tags: fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true }),
    filters: fc.array(fc.record({ type, tagk: key, filter: value, groupBy: fc.boolean() }), { maxLength: 3 }),
    explicitTags: fc.boolean(),
  },
  { requiredKeys: ['metric', 'aggregator'], noNullPrototype: true },
);
const body = fc.record(
  {
    start: time,
    end: time,
    queries: fc.array(query, { minLength: 1, maxLength: 4 }),
    msResolution: fc.boolean(),
    showQuery: fc.boolean(),
  },
  { requiredKeys: ['start', 'queries'], noNullPrototype: true },
);

const posted =
  (kind: WireRequest['kind']) =>
  (text: string | Uint8Array, path = ''): WireRequest => ({
    to: 'opentsdb',
    method: 'POST',
    path: `/opentsdb/api/query${path}`,
    headers: JSON_HEADERS,
    body: text,
    kind,
  });
const asked = (path: string, fields: Record<string, fc.Arbitrary<string>>) =>
  fc.record(fields, { requiredKeys: [] }).map(
    (given): WireRequest => ({
      to: 'opentsdb',
      method: 'GET',
      path: `/opentsdb/api/${path}?${new URLSearchParams(given as Record<string, string>)}`,
      headers: {},
      kind: 'fitting',
    }),
  );

const count = fc.constantFrom('0', '1', '25', '10000', '999999999', '1e9', '-1', 'x');

/** OpenTSDB's read API. */
export const OPENTSDB: Endpoint = {
  name: 'opentsdb',
  requests: onTheWire(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(body, fc.constantFrom('', '?arrays=true', '?arrays'))
          .map(([one, path]) => posted('fitting')(JSON.stringify(one), path)),
      },
      {
        weight: 3,
        arbitrary: body.chain((one) => spoiled(one, anyJson)).map((one) => posted('spoiled')(JSON.stringify(one))),
      },
      {
        weight: 1,
        arbitrary: body.chain((one) => hostileText(JSON.stringify(one))).map((one) => posted('spoiled')(one)),
      },
      {
        weight: 1,
        arbitrary: asked('suggest', { type: fc.constantFrom('metrics', 'tagk', 'tagv', 'x'), q: value, max: count }),
      },
      { weight: 1, arbitrary: asked('search/lookup', { m: name.map((one) => `${one}{run=*}`), limit: count }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('aggregators', 'config/filters', 'version').chain((path) => asked(path, {})),
      },
    ),
  ),
  judge(answer, { kind }) {
    if (answer.status < 400 || kind === 'elsewhere') {
      return kind === 'elsewhere' ? judgeElsewhere(answer) : undefined;
    }
    const { error } = (jsonOf(answer) ?? {}) as { error?: { code?: unknown; message?: unknown } };
    const isTold =
      typeof error?.message === 'string' && (error.code === answer.status || typeof error.code === 'string');
    return isTold ? undefined : `status ${answer.status} in another shape than OpenTSDB's`;
  },
};
