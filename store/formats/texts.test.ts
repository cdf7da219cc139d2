import { expect, it } from 'vitest';
import { readTexts } from './texts';

it('takes texts and lists, and passes over what is not there', () => {
  const others = { said: 'hi', list: [1, 'a'], none: null, lacking: undefined, ['n'.repeat(300)]: 'x' };
  expect(readTexts(others)).toEqual({
    texts: { said: 'hi', list: '[1,"a"]' },
    oversized: ['n'.repeat(200)],
  });
});
