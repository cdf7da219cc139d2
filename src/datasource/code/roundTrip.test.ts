import { GROUP_ORDERS } from '@rolloscope/contract/names';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { migrate } from '../migrate';
import { QUERY_TYPES, REDUCTIONS, RUN_FIELDS, type RunChoice, type StoreQuery } from '../query';
import { parseCode } from './parseCode';
import { writeCode } from './writeCode';

/** Names as people and trainers write them, and as nobody should. */
const text = fc.oneof(
  fc.constantFrom(
    'reward',
    '$run',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana
    '${run:csv}',
    'eval/*/mean',
    'val-core/gsm8k/acc/mean@4',
    'in',
    'a b',
    '$',
    '"',
    '\\',
    '',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
);
const column = fc.oneof(
  fc.constantFrom('reward', 'config.lr', 'summary.eval/acc', 'or', 'x.', 'desc', 'step', '$by'),
  text,
);
const value = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.array(fc.oneof(text, fc.integer())),
  fc.jsonValue(),
);
const condition = fc.record(
  { column, op: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'contains', 'matches', 'isNull'), value },
  { requiredKeys: ['column', 'op'] },
);
const filter = fc.array(fc.oneof(condition, fc.record({ anyOf: fc.array(condition, { maxLength: 3 }) })), {
  maxLength: 3,
});
const orderBy = fc.array(fc.record({ column, direction: fc.constantFrom('asc', 'desc') }), { maxLength: 3 });
const texts = fc.array(text, { maxLength: 3 });
const limit = fc.integer({ min: 1, max: 5_000 });
const step = fc.oneof(
  fc.constantFrom('7', '07', '-3', '10-20', '1, 2', '$step', '10-$step', '~45', '~$step', '1e3'),
  text,
);
const common = Object.fromEntries(RUN_FIELDS.map((field) => [field, fc.oneof(text, texts)]));

const runs = fc.oneof(
  fc.record({ by: fc.constant('id'), ids: texts, where: filter }, { requiredKeys: ['by'] }),
  fc.record({ by: fc.constant('filter'), where: filter, orderBy, limit, ...common }, { requiredKeys: ['by'] }),
);
const search = fc.oneof(
  text,
  fc.record({ text, mode: fc.constantFrom('plain', 'word', 'regex'), case: fc.boolean(), columns: texts }),
);

const any = fc.record(
  {
    queryType: fc.constantFrom(...QUERY_TYPES),
    runs,
    metrics: texts,
    x: fc.oneof(
      fc.constantFrom('step', 'time', 'elapsed').map((by) => ({ by })),
      text.map((metric) => ({ by: 'metric', metric })),
    ),
    reduce: fc.constantFrom(...REDUCTIONS),
    smoothing: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), text),
    ...{ group: fc.boolean(), attempts: fc.constantFrom('all', 'effective'), live: fc.boolean(), all: fc.boolean() },
    ...{ baseline: text, mark: step, legend: text, table: text, accuracy: text },
    ...{ rows: fc.constantFrom('all', 'latest'), step, filter, search, limit, columns: texts, types: texts },
    orderBy: fc.oneof(
      orderBy,
      fc.record({ by: fc.constantFrom(...GROUP_ORDERS), direction: fc.constantFrom('asc', 'desc') }),
    ),
    compareTo: fc.record({ run: text, step }, { requiredKeys: [] }),
    editorMode: fc.constantFrom('code', 'builder'),
  },
  { requiredKeys: ['queryType'] },
);

/** Any query that can be saved. */
const anyQuery = any.map((query): StoreQuery => migrate({ refId: 'A', ...query } as never));

it.each<RunChoice>([{ by: 'id', ids: ['$run'] }, { by: 'filter' }])(
  'code and builder switch without loss, any query, where runs are %j',
  (defaultRuns) => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const text = writeCode(query, defaultRuns);
        expect(parseCode(text, { current: query, defaultRuns }), text).toEqual(query);
        expect(writeCode(parseCode(text, { current: query, defaultRuns }), defaultRuns)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  },
);
