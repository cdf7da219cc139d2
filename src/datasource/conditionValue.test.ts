import { expect, it } from 'vitest';
import { conditionValue } from './conditionValue';

it.each([
  ['lt', '0.5', true, { value: 0.5 }],
  ['eq', '0.5', false, { value: '0.5' }],
  ['eq', '$reward', true, { value: '$reward' }],
  ['in', '1, 2,, x', true, { value: [1, 2, 'x'] }],
  ['contains', '12', true, { value: '12' }],
  ['isNull', 'x', true, {}],
] as const)('%s "%s"', (op, text, isNumber, expected) => {
  expect(conditionValue(op, text, isNumber)).toEqual(expected);
});
