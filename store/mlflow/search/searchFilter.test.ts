import { expect, it } from 'vitest';
import { like } from './like';
import { searchFilter } from './searchFilter';
import type { Searched } from './searchKey';
import { searchOrder } from './searchOrder';

const ATTRIBUTES = ['run_name', 'status', 'start_time'];
const values = new Map<string, string | number>([
  ['attributes run_name', "grpo's"],
  ['attributes status', 'FINISHED'],
  ['attributes start_time', 1_700],
  ['tags mlflow.runName', 'grpo'],
  ['params lr', '0.1'],
  ['metrics a b', 0.5],
  ['metrics nan', Number.NaN],
]);
const run: Searched = ({ kind, name }) => values.get(`${kind} ${name}`);

it.each([
  [undefined, true],
  ['', true],
  [' ', true],
  ["attributes.status = 'FINISHED'", true],
  ['status="FINISHED"', true],
  [`run_name = "grpo's" AND tags.mlflow.runName = 'grpo'`, true],
  [`attributes.\`Run name\` = "grpo's"`, true],
  ["tags.`mlflow.runName` = 'grpo' and params.\"lr\" = '0.2'", false],
  ["params.lr != '0.2' and attributes.status != 'FAILED'", true],
  ["tags.none = 'x'", false],
  ["tags.none != 'x'", false],
  ['tags.none IS NULL and params.lr is not null', true],
  ['params.lr is null', false],
  ['metrics.`a b` < 1 and metrics.`a b`>=.5 and metrics.`a b` != 5e-2', true],
  ['metrics.`a b` > 0.5', false],
  ['metrics.nan > 0', false],
  ["start_time <= 1700 and start_time > 1.6e3 and start_time = '1700'", false],
  ['start_time <= 1700 and start_time > 1.6e3', true],
  ["run_name LIKE 'grpo%' and run_name not like 'GRPO%' and run_name ILIKE 'GR_O__'", true],
  ["status IN ('RUNNING', 'FINISHED') and status not in ('FAILED')", true],
  ["status in('RUNNING')", false],
])('%s finds it: %s', (filter, finds) => {
  expect(searchFilter(filter, ATTRIBUTES).fits(run)).toBe(finds);
});

it.each([
  "run_name = 'a' or run_name = 'b'",
  "run_name = 'a' and",
  'x',
  "other = 'x'",
  'run_name',
  "run_name ~ 'a'",
  'status in ()',
  "status in ('a'",
  "tags. = 'x'",
  "run_name = 'a",
  'params.lr not = 3',
  `run_name = '${'x'.repeat(10_000)}'`,
  `run_name like '${'x'.repeat(251)}'`,
  Array.from({ length: 101 }, () => "a.b = ''").join(' and '),
  Array.from({ length: 101 }, () => "tags.b = ''").join(' and '),
])('refuses %s', (filter) =>
  expect(() => searchFilter(filter, ATTRIBUTES)).toThrow(/run store takes|search may|pattern may/),
);

it('says what it does not understand, and where', () => {
  expect(() => searchFilter("status = 'a' or x", ATTRIBUTES)).toThrow(`is not understood at "or x"`);
  expect(() => searchOrder(['status sideways'], ATTRIBUTES)).toThrow('is not understood at "sideways"');
  expect(() => searchOrder(['status desc asc'], ATTRIBUTES)).toThrow('What is ordered by');
});

it.each([
  ['', '', true],
  ['a', '', false],
  ['abc', 'a%c', true],
  ['abc', '%', true],
  ['abab', 'ab%ab', true],
  ['aba', 'ab%ba', false],
  ['a.c', 'a_c', true],
  ['abcabd', '%b_%d', true],
  ['abc', '%d%', false],
])('%s fits %s: %s', (text, pattern, fits) => {
  expect(like(text, pattern)).toBe(fits);
});

it('orders by keys in turn; what has no value comes last, NaN before it', () => {
  const of =
    (one: Record<string, string | number>): Searched =>
    ({ name }) =>
      one[name];
  const all = [{ a: 1, b: 'x' }, { b: 'y' }, { a: Number.NaN }, { a: 1, b: 'z' }, { a: 2 }];
  const sorted = (orderBy: unknown) => {
    const { compare } = searchOrder(orderBy, []);
    return all.toSorted((x, y) => compare(of(x), of(y))).map((one) => all.indexOf(one));
  };
  expect(sorted(['metrics.a', 'params.b DESC'])).toEqual([3, 0, 4, 2, 1]);
  expect(sorted(['metrics.`a` desc', 'params.b ASC'])).toEqual([4, 0, 3, 2, 1]);
  expect(sorted(undefined)).toEqual([0, 1, 2, 3, 4]);
});
