import { expect, it } from 'vitest';
import { type Searched, searchFilter } from './searchFilter';

const values = new Map([
  ['attributes run_name', "grpo's"],
  ['attributes status', 'FINISHED'],
  ['tags mlflow.runName', 'grpo'],
  ['params lr', '0.1'],
]);
const run: Searched = (kind, name) => values.get(`${kind} ${name}`);

it.each([
  [undefined, true],
  ['', true],
  ["attributes.status = 'FINISHED'", true],
  ['status="FINISHED"', true],
  [`run_name = "grpo's" AND tags.mlflow.runName = 'grpo'`, true],
  ["tags.`mlflow.runName` = 'grpo' and params.\"lr\" = '0.2'", false],
  ["params.lr != '0.2' and attributes.status != 'FAILED'", true],
  ["tags.none = 'x'", false],
])('%s finds it: %s', (filter, finds) => {
  expect(searchFilter(filter)(run)).toBe(finds);
});

it.each(['metrics.loss < 1', "run_name LIKE 'g%'", "run_name = 'a' or run_name = 'b'", "run_name = 'a' and", 'x'])(
  'refuses %s',
  (filter) => expect(() => searchFilter(filter)).toThrow(/filters/),
);
