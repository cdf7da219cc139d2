import { expect, it } from 'vitest';
import { configValue, paramText } from './configValue';

it.each([
  ['1e-06', 1e-6],
  ['-0.5', -0.5],
  ['16', 16],
  ['1.0', 1],
  ['True', true],
  ['False', false],
  ['true', 'true'],
  ['007', '007'],
  ['1_000', '1_000'],
  ['0x10', '0x10'],
  ['9007199254740993', '9007199254740993'],
  ['1e999', '1e999'],
  ['nan', 'nan'],
  ['None', 'None'],
  ['', ''],
  [' 1', ' 1'],
  ['[1, 2]', '[1, 2]'],
])('%j is %j', (text, value) => {
  expect(configValue(text)).toBe(value);
});

it('writes values as MLflow has them', () => {
  expect([0.5, true, false, 'x', [1, { a: 2 }]].map(paramText)).toEqual(['0.5', 'True', 'False', 'x', '[1,{"a":2}]']);
});
