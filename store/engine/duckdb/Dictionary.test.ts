import { expect, it } from 'vitest';
import { Dictionary } from './Dictionary';

it('gives a name one key, which nobody else sees until it is committed', () => {
  const dictionary = new Dictionary();
  dictionary.load(4, 'old');
  const key = dictionary.keyOf('new');
  expect([dictionary.keyOf('old'), dictionary.keyOf('new'), key]).toEqual([4, key, 5]);
  expect([dictionary.find('old'), dictionary.find('new'), dictionary.nameOf(5)]).toEqual([4, undefined, '']);
  expect(dictionary.pending()).toEqual([['new', 5]]);
  dictionary.settle(true);
  expect([dictionary.find('new'), dictionary.nameOf(5), dictionary.pending()]).toEqual([5, 'new', []]);
});

it('forgets what was not committed, and gives no key twice', () => {
  const dictionary = new Dictionary();
  dictionary.load(1, 'old');
  dictionary.keyOf('lost');
  dictionary.remove('old');
  expect(dictionary.keyOf('old')).toBe(3);
  dictionary.settle(false);
  expect([dictionary.find('lost'), dictionary.find('old'), dictionary.nameOf(2), dictionary.nameOf(3)]).toEqual([
    undefined,
    1,
    '',
    '',
  ]);
  expect(dictionary.keyOf('lost')).toBe(4);
});

it('takes a name back, and may give it another key', () => {
  const dictionary = new Dictionary();
  dictionary.load(1, 'gone');
  dictionary.load(2, 'again');
  dictionary.remove('gone');
  dictionary.remove('again');
  expect([dictionary.keyOf('again'), dictionary.find('again'), dictionary.find('gone')]).toEqual([3, 2, 1]);
  dictionary.settle(true);
  expect([dictionary.find('gone'), dictionary.find('again'), dictionary.nameOf(2), dictionary.nameOf(3)]).toEqual([
    undefined,
    3,
    '',
    'again',
  ]);
});
