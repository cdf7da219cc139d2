import { LENSES, RUN_ATTRIBUTES } from '@rolloscope/contract';
import fc from 'fast-check';
import { markOf } from './Learnt';

/** Runs that come and go: all that is deleted is one of these. */
export const VOLATILE = Array.from({ length: 8 }, (_, i) => `v${i}`);
const SEEDED = ['ppo', 'base', 'wide', 'odd/run %2F ü\n"\'', '__proto__', 'kept'];

const METRICS = ['loss', 'reward/mean', 'eval/*', '*', 'extreme', 'grad_norm', 'host/cpu', 'toString', 'layer/7/norm'];
const GLOBS = ['layer/*', `${'*'.repeat(50)}x`, '*a*a*a*a*a*a*b', '*/*/*', '\\*', '[a', 'm0'];
const TABLES = [...Array.from({ length: 16 }, () => 'rollouts'), 'long', 'stepped', 'broad', 't0'];
const COLUMNS = [
  'prompt',
  'response',
  'reward',
  'reward_format',
  'correct',
  'messages',
  'mixed',
  'groupId',
  'run',
  'step',
  'time',
  'chars',
  'promptHash',
  'duplicateOf',
  'thinkClosed',
  '__proto__',
];
const KEYS = [
  'config.lr',
  'config.model.name',
  'config.x',
  'config.deep',
  'config.a.b',
  'summary.loss',
  'summary.extreme',
];

/** RE2's syntax, and patterns that are costly, huge, or none. */
const PATTERNS = [
  'answer',
  '^<think>.*42',
  '(?i)SAMPLE [0-9]+',
  '\\bAnswer\\b',
  'the.{0,300}answer.{0,300}42',
  '(a?){900}a{900}z',
  '(x+x+)+y',
  '((a{100}){100}){100}',
  '.*.*.*.*.*=.*',
  '(?=look)',
  '\\pL+\\p{Greek}',
  '[[:alpha:]]+',
  '(',
  'a{2000}',
  '\\1',
  '|'.repeat(500),
  '\u0000',
  '\ud800',
];

const TEXTS = [
  ...PATTERNS,
  'ppo',
  'PPO',
  'small',
  'g1',
  'What is 2 + 3?',
  '2',
  '%',
  '_',
  "'",
  '"',
  '\\',
  '',
  ' ',
  '🙂',
];

/** Numbers at which code trips: of every magnitude and sign. */
export const NUMBERS = [0, -0, 1, -1, 0.5, 1e-6, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 53) - 2, 1e300];

const TIMES = [0, 1, 999, 1_760_000_000_000, 1_760_000_100_000, 253_402_300_799_000, 8_640_000_000_000_000];

/** Names that objects have by themselves, characters that separate, end or escape, and names at the limit. */
const ODD_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'a/b',
  '..',
  '%2e%2e',
  'a\nb',
  '\u0000',
  '\u202e',
  '\ud800',
  'ﷺ',
  "'; DROP TABLE runs; --",
  '"',
  '`',
  '$1',
  '{{x}}',
  'x'.repeat(256),
  '🙂'.repeat(256),
  'x'.repeat(257),
];

export const oddName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }) },
);

const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 39, arbitrary: usual }, { weight: 1, arbitrary: rare });
const among = (...words: readonly string[]) => mostly(fc.constantFrom(...words), oddName);

const learnt = (kind: Parameters<typeof markOf>[0]) => fc.nat({ max: 9 }).map((index) => markOf(kind, index));

export const runId = among(...Array.from({ length: 8 }, () => ['ppo', 'base']).flat(), ...SEEDED, ...VOLATILE);
export const volatileId = among(...VOLATILE);
export const metric = among(...METRICS, ...METRICS, ...GLOBS);
export const column = among(...COLUMNS);
const attribute = among(...RUN_ATTRIBUTES, ...KEYS);

/** What is worth saying where a schema has a text under this name. */
export const WORDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  runs: runId,
  run: runId,
  baseline: runId,
  metrics: metric,
  metric,
  table: among(...TABLES),
  tables: among('t0', 't0', 't1', 'rollouts'),
  column,
  columns: column,
  by: column,
  roles: column,
  key: attribute,
  project: among(...Array.from({ length: 16 }, () => 'p'), 'q', 'constructor', 'secret'),
  group: among('job', 'valueOf'),
  tag: among('x', 'baseline', 'alerts:off'),
  tags: among('x', 'y', 'alerts:off'),
  types: among('alert', 'note', 'alert,note', '%zz', 'regression'),
  include: fc.constantFrom('config', 'summary', 'config,summary', 'all'),
  text: fc.constantFrom(...TEXTS, 'x'.repeat(1_000), 'x'.repeat(1_001)),
  q: fc.constantFrom(...TEXTS),
  asOf: mostly(learnt('asOf'), fc.constantFrom('1', 'x', '-1', '9'.repeat(64))),
  since: mostly(learnt('asOf'), fc.constantFrom('1', 'x', '0')),
  cursor: mostly(learnt('cursor'), fc.constantFrom('x', 'e30', 'W10', '\u0000')),
  limit: fc.constantFrom('1', '5', '1000', '9999', '0'),
  from: fc.constantFrom(...TIMES.map(String), '9'.repeat(16)),
  to: fc.constantFrom(...TIMES.map(String), '9'.repeat(16)),
  progress: fc.constantFrom('a', 'b'),
  batchId: fc.constantFrom('b0', 'b1', 'b2', 'seed-0'),
};

/** What is worth saying where a schema has a whole number under this name. */
export const COUNTS: Readonly<Record<string, fc.Arbitrary<number>>> = {
  step: fc.integer({ min: -5, max: 500 }),
  from: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constantFrom(...TIMES)),
  to: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constantFrom(...TIMES)),
  time: fc.constantFrom(...TIMES),
  startedAt: fc.constantFrom(...TIMES),
  limit: fc.integer({ min: 1, max: 50 }),
  offset: fc.integer({ min: 0, max: 300 }),
  maxPoints: fc.integer({ min: 4, max: 2_000 }),
  preview: fc.integer({ min: 1, max: 500 }),
};

/** Operators with values that they take. */
export const condition = (name: fc.Arbitrary<string>) => {
  const scalar = fc.oneof(
    fc.constantFrom<unknown>(...NUMBERS, ...TEXTS, 'ppo', true, false, 'NaN', 'running', null),
    fc.integer({ min: -5, max: 400 }),
  );
  const operands: Record<string, fc.Arbitrary<unknown>> = {
    eq: scalar,
    ne: scalar,
    lt: scalar,
    le: scalar,
    gt: scalar,
    ge: scalar,
    in: fc.oneof({ weight: 9, arbitrary: fc.array(scalar, { maxLength: 4 }) }, { weight: 1, arbitrary: many(scalar) }),
    contains: fc.constantFrom(...TEXTS),
    matches: fc.constantFrom(...PATTERNS),
    isNull: fc.boolean(),
  };
  const all = Object.entries(operands).map(([op, value]) => fc.record({ column: name, op: fc.constant(op), value }));
  return fc.oneof(...all);
};
export const runCondition = condition(attribute);
export const rowCondition = condition(column);

/** As many as a list may have, of a few kinds. */
export function many<T>(item: fc.Arbitrary<T>, most = 500): fc.Arbitrary<T[]> {
  return fc
    .tuple(fc.array(item, { minLength: 1, maxLength: 4 }), fc.constantFrom(most - 1, most, most + 1))
    .map(([some, length]) => Array.from({ length }, (_, i) => some[i % some.length] as T));
}

export const lens = fc.constantFrom(...LENSES);
