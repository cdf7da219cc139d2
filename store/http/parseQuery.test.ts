import { expect, it } from 'vitest';
import { parseQuery } from './parseQuery';

it('keeps what is given more than once, in its order', () => {
  expect(parseQuery('a=1&b=2&a=3&a=4')).toEqual({ a: ['1', '3', '4'], b: '2' });
  expect(Object.keys(parseQuery('__proto__=1&toString=2'))).toEqual(['__proto__', 'toString']);
});
