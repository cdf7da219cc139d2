import { expect, it } from 'vitest';
import { Recent } from './Recent';

it('lets the value go that was not used for longest', () => {
  const recent = new Recent<{ n: number }>(2);
  let made = 0;
  const use = (key: string) => recent.use(key, () => ({ n: ++made })).n;
  expect([use('a'), use('b'), use('a'), use('c')]).toEqual([1, 2, 1, 3]);
  expect(['a', 'b', 'c'].map((key) => recent.peek(key)?.n)).toEqual([1, undefined, 3]);
  // Looking is no use.
  expect([use('d'), recent.peek('a')]).toEqual([4, undefined]);
  recent.delete('d');
  expect(use('d')).toBe(5);
});
