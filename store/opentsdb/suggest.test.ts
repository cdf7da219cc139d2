import { expect, it } from 'vitest';
import { Turn } from '../Turn';
import { suggest } from './suggest';

const ask = (names: string[], text: string, most: number) => suggest(names, text, most, new Turn());

it('gives those that begin with a text first, then those that hold it, each once and in order, ignoring case', async () => {
  const names = ['val/Loss', 'loss/b', 'loss/a', 'reward', 'loss/a', 'Loss'];
  expect(await ask(names, 'loss', 10)).toEqual(['Loss', 'loss/a', 'loss/b', 'val/Loss']);
  expect(await ask(names, 'LOSS', 2)).toEqual(['Loss', 'loss/a']);
  expect(await ask(names, '', 2)).toEqual(['Loss', 'loss/a']);
  expect(await ask(names, 'nothing', 2)).toEqual([]);
  expect(await ask(names, 'loss', 0)).toEqual([]);
});

it('gives the first in order, in whatever order thousands come', async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `m/${String((i * 7_919) % 10_000).padStart(4, '0')}`);
  const first = Array.from({ length: 50 }, (_, i) => `m/${String(i).padStart(4, '0')}`);
  expect(await ask(names, '/', 50)).toEqual(first);
  expect(await ask(names.toReversed(), 'm', 50)).toEqual(first);
});
