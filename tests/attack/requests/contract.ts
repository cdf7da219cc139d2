import { API_BASE, COMMON_ERRORS, type ErrorCode, ROUTES, type Route, type RouteName } from '@rolloscope/contract';
import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { checker } from '../../../store/http/checker';
import type { SchemaNode } from '../../../store/http/describeSchema';
import { bmp, flac, gif, JPEG, mp3, ogg, png, WEBP, wav } from '../../../store/testing/mediaSamples';
import { type Endpoint, inPath, JSON_HEADERS, jsonOf, judgeRefusal } from './Endpoint';
import { anyJson, fitting, type Shapes } from './fitting';
import { hostileText } from './hostileText';
import { markOf } from './Learnt';
import { onTheWire } from './onTheWire';
import { spoiled } from './spoiled';
import type { WireAnswer, WireRequest } from './WireRequest';
import { many, oddName, rowCondition, runCondition, runId, volatileId, WORDS } from './words';

/** A logged table, whose rows are as long as it has columns: that the schema cannot say. */
const loggedTable = fc
  .tuple(
    fc.uniqueArray(fc.oneof(WORDS.column ?? oddName, oddName), { minLength: 1, maxLength: 5 }),
    fc.nat({ max: 20 }),
  )
  .chain(([columns, rows]) =>
    fc.record({
      columns: fc.constant(columns),
      rows: fc.array(fc.array(anyJson, { minLength: columns.length, maxLength: columns.length }), { maxLength: rows }),
    }),
  );

/** What a filter holds: conditions on `one`, alternatives, and now and then as many as may be. */
const conditions = (one: fc.Arbitrary<unknown>) => {
  const alternatives = fc.record({ anyOf: fc.array(one, { minLength: 1, maxLength: 3 }) });
  const each = fc.oneof({ weight: 5, arbitrary: one }, { weight: 1, arbitrary: alternatives });
  return fc.oneof({ weight: 20, arbitrary: fc.array(each, { maxLength: 3 }) }, { weight: 1, arbitrary: many(each) });
};

const SHAPES: Shapes = {
  where: conditions(runCondition),
  filter: conditions(rowCondition),
  'tables{}': loggedTable,
  value: anyJson,
  // Of the store's own list, or any: what is not in it is refused.
  verdict: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('good', 'bad', null) }, { weight: 1, arbitrary: oddName }),
};
/** Runs are ordered by their attributes, rows by columns; both schemas are one. */
const ORDERS: Shapes = {
  ...SHAPES,
  orderBy: fc.array(fc.record({ column: WORDS.key ?? oddName, direction: fc.constantFrom('asc', 'desc') }), {
    maxLength: 17,
  }),
};

const NDJSON = { 'content-type': 'application/x-ndjson' };

const learnt = (kind: Parameters<typeof markOf>[0]) => fc.nat({ max: 9 }).map((index) => markOf(kind, index));

/** What stands in a path for `{name}`. */
function parameterOf(name: RouteName): fc.Arbitrary<string> {
  const usual: fc.Arbitrary<string> = {
    rowId: fc.oneof(learnt('rowId'), fc.string()),
    ticket: fc.oneof(learnt('ticket'), fc.string()),
    media: fc.oneof({ weight: 5, arbitrary: learnt('media') }, { weight: 1, arbitrary: fc.string() }),
    progress: fc.constantFrom('a', 'b', 'x'),
    reads: runId,
    // Runs that others read are written to, but stay.
    writes: fc.oneof({ weight: 6, arbitrary: volatileId }, { weight: 1, arbitrary: fc.constantFrom('ppo', 'wide') }),
  }[
    name === 'row' || name === 'labels' || name === 'putLabel'
      ? 'rowId'
      : name === 'export'
        ? 'ticket'
        : name === 'media'
          ? 'media'
          : name === 'progress'
            ? 'progress'
            : name === 'run'
              ? 'reads'
              : 'writes'
  ] as fc.Arbitrary<string>;
  return name === 'deleteRun' ? volatileId : usual;
}

const text = (value: unknown) => JSON.stringify(value);

/** Texts of a body, the first way as it should be. */
function bodiesOf(name: RouteName, schema: TSchema): fc.Arbitrary<Pick<WireRequest, 'body' | 'headers' | 'kind'>> {
  const good = fitting(schema as SchemaNode, name === 'queryRuns' ? ORDERS : SHAPES);
  const made = (kind: WireRequest['kind']) => (body: string | Uint8Array) => ({ body, kind, headers: JSON_HEADERS });
  const lines = good.map((value) => ({
    body: ((value as { entries?: unknown[] }).entries ?? []).map(text).join('\n'),
    kind: 'fitting' as const,
    headers: NDJSON,
  }));
  return fc.oneof(
    { weight: 12, arbitrary: good.map(text).map(made('fitting')) },
    { weight: name === 'log' ? 2 : 0, arbitrary: lines },
    {
      weight: 4,
      arbitrary: good.chain((value) => spoiled(value, anyJson)).map((value) => made('spoiled')(text(value) ?? '')),
    },
    { weight: 2, arbitrary: good.chain((value) => hostileText(text(value))).map(made('spoiled')) },
  );
}

/** Images and sounds as they should be, such ones with a piece changed or cut off, and bytes that mean nothing. */
const mediaBytes: fc.Arbitrary<Pick<WireRequest, 'body' | 'headers' | 'kind'>> = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })).map((size) => png(...size)),
      fc.constantFrom(JPEG, WEBP, gif(1), gif(3), bmp(3, 2), wav(0.1), mp3(4), ogg(1), flac(1)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    ),
    fc.option(fc.tuple(fc.nat({ max: 80 }), fc.nat({ max: 255 }))),
    fc.option(fc.nat({ max: 60 })),
  )
  .map(([bytes, change, length]) => {
    const body = Buffer.from(length === null ? bytes : bytes.subarray(0, length));
    if (change && change[0] < body.length) {
      body[change[0]] = change[1];
    }
    const kind = length === null && !change ? 'fitting' : 'spoiled';
    return { body, kind, headers: { 'content-type': 'application/octet-stream' } };
  });

const NO_BODY = fc.constant<Pick<WireRequest, 'body' | 'headers' | 'kind'>>({ kind: 'fitting', headers: {} });

const bodyOf = (name: RouteName, schema: TSchema | undefined) =>
  name === 'putMedia' ? mediaBytes : schema ? bodiesOf(name, schema) : NO_BODY;

/** A label is nobody's, and refused, unless Grafana or the body names a person. */
const personOf = (name: RouteName): fc.Arbitrary<Record<string, string>> =>
  fc.constantFrom(...(name === 'putLabel' ? [{ 'x-grafana-user': 'ann' }, { 'x-grafana-user': 'bob' }, {}] : [{}]));

function requestsOf(name: RouteName): fc.Arbitrary<WireRequest> {
  const { method, path, query, body }: Route = ROUTES[name];
  const parameter = path.includes('{') ? parameterOf(name) : fc.constant('');
  const search = query ? fitting(query as SchemaNode, SHAPES) : fc.constant({});
  return fc.tuple(parameter, search, bodyOf(name, body), personOf(name)).map(([id, fields, rest, person]) => {
    const given = new URLSearchParams(fields as Record<string, string>).toString();
    const at = API_BASE + path.replace(/\{\w+\}/, () => inPath(id));
    const headers = { ...rest.headers, ...person };
    return { to: name, method, path: given === '' ? at : `${at}?${given}`, ...rest, headers };
  });
}

/** What can go wrong before a request is one of its route. */
const ON_THE_WAY: readonly ErrorCode[] = [
  ...COMMON_ERRORS,
  'unsupported_media_type',
  'limit_exceeded',
  'proxied_write',
  'too_busy',
];

function judgeOf(name: RouteName): Endpoint['judge'] {
  const { answer: schema, errors }: Route = ROUTES[name];
  const check = schema && checker(schema, 'The answer');
  return (answer, { kind, method }) => {
    if (kind === 'elsewhere') {
      return judgeElsewhere(answer);
    }
    if (answer.status >= 300) {
      return judgeRefusal(answer, [...errors, ...ON_THE_WAY]);
    }
    if (!check || method === 'HEAD') {
      return undefined;
    }
    try {
      check(jsonOf(answer));
      return undefined;
    } catch (cause) {
      return `an answer that breaks its schema: ${(cause as Error).message}`;
    }
  };
}

/** Whoever answers: a refusal, if it has a body, says what it is about, in one of the protocols' shapes. */
export function judgeElsewhere(answer: WireAnswer): string | undefined {
  const isRefusal = answer.status >= 400 && answer.text !== '';
  const shape = jsonOf(answer) as { error?: unknown; error_code?: unknown } | undefined;
  return isRefusal && shape?.error === undefined && shape?.error_code === undefined
    ? `status ${answer.status} in no shape of the store`
    : undefined;
}

/** Every route of the contract, drawn from its schemas. */
export const CONTRACT: readonly Endpoint[] = (Object.keys(ROUTES) as RouteName[]).map((name) => ({
  name,
  requests: onTheWire(requestsOf(name)),
  judge: judgeOf(name),
}));
