import { thinkClosed } from '@rolloscope/contract';
import { charCount } from '@rolloscope/contract/charCount';
import { expect, it } from 'vitest';
import { atOnce } from '../Turn';
import { contentHash, derive } from './derive';
import { repetition } from './repetition';

/** What `repetition` means, without a hash. */
function slowRepetition(text: string): number {
  const words = text.match(/\S+/g) ?? [];
  const windows = Array.from({ length: Math.max(0, words.length - 7) }, (_, i) => words.slice(i, i + 8).join(' '));
  const again = windows.filter((window, i) => windows.indexOf(window) < i).length;
  return windows.length === 0 ? 0 : again / windows.length;
}

let seed = 7;
const random = (below: number) => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};

it('counts windows of eight words that came before', () => {
  const eight = 'a b c d e f g h';
  expect(repetition('')).toBe(0);
  expect(repetition(eight)).toBe(0);
  expect(repetition(`${eight} ${eight}`)).toBeCloseTo(1 / 9);
  expect(repetition('x '.repeat(1_000))).toBeCloseTo(992 / 993);
  for (let round = 0; round < 100; round++) {
    const spaces = [' ', '\n', '\t', '\u00a0', '\u2003', '\u3000', '\ufeff', '  '];
    const words = ['a', 'b', 'ä', '👍', 'longer'];
    const text = Array.from(
      { length: random(120) },
      () => `${words[random(2 + (round % 4))]}${spaces[random(8)]}`,
    ).join('');
    expect(repetition(text)).toBeCloseTo(slowRepetition(text), 10);
  }
});

it('tells whether thinking was closed', () => {
  expect(thinkClosed('no thinking')).toBeNull();
  expect(thinkClosed('<think>never')).toBe(false);
  expect(thinkClosed('<think>a</think> b')).toBe(true);
  expect(thinkClosed('a</think> b')).toBe(true);
  expect(thinkClosed('<think>a</think><think>b')).toBe(false);
  expect(thinkClosed('[THINK]a[/THINK]')).toBe(true);
});

it('counts characters, not their halves', () => {
  const texts = ['', 'abc', '👍', 'a👍b', 'é'];
  expect(texts.map(charCount)).toEqual(texts.map((text) => [...text].length));
});

it('takes 128 rollouts of 2 KB in a moment', () => {
  const prose = () => Array.from({ length: 330 }, () => random(4_096).toString(36)).join(' ');
  const cells = [Array.from({ length: 128 }, prose), Array.from({ length: 128 }, prose)];
  const columns = [
    { name: 'prompt', type: 'string', origin: 'logged', role: 'prompt' },
    { name: 'response', type: 'string', origin: 'logged', role: 'response' },
  ] as const;
  let derived = atOnce(derive(columns, cells, 128));
  const timeOf = (work: () => void) => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  };
  const hashAll = () => cells.flat().forEach(contentHash);
  // Against the work that cannot be left out: hashing the same texts. The best of each, for a machine that is busy.
  const taken = Array.from({ length: 20 }, () => [
    timeOf(() => {
      derived = atOnce(derive(columns, cells, 128));
    }),
    timeOf(hashAll),
  ]);
  const [deriving, hashing] = [0, 1].map((i) => Math.min(...taken.map((times) => times[i] ?? 0)));
  expect((deriving ?? 0) / (hashing ?? 1)).toBeLessThan(40);
  expect(derived.columns.map(({ name }) => name)).toEqual([
    'promptHash',
    'responseHash',
    'chars',
    'repetition',
    'thinkClosed',
    'suspicions',
  ]);
});
