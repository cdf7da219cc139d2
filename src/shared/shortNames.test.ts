import { expect, it } from 'vitest';
import { shortNames } from './shortNames';

const NAME = 'qwen2.5-7b-grpo-lr1e-6-bs512-kl0.001-seed1-node17-first-attempt';

it.each([
  ['the end', [NAME, NAME.replace('first', 'second')]],
  ['the middle', [NAME, NAME.replace('0.001', '0.003')]],
  ['both', [NAME, NAME.replace('0.001', '0.003'), NAME.replace('first', 'second')]],
  ['the last character', [`${'x'.repeat(200)}1`, `${'x'.repeat(200)}2`]],
])('names that differ in %s are told apart within a legend', (_, names) => {
  const short = shortNames(names);
  expect(new Set(short).size).toBe(names.length);
  expect(short.filter((name) => name.length > 44)).toEqual([]);
});

it.each([24, 30, 44, 60])('are told apart within %s characters', (most) => {
  const names = [NAME, NAME.replace('first', 'second'), NAME.replace('0.001', '0.003')];
  const short = shortNames(names, most);
  expect(new Set(short).size).toBe(3);
  expect(short.every((name) => name.length <= most)).toBe(true);
});

it('leaves out what is shared, and no part of a word', () => {
  expect(shortNames([NAME, NAME.replace('0.001', '0.003')])).toEqual([
    'qwen2.5-7b-g…kl0.001-seed1-node17…st-attempt',
    'qwen2.5-7b-g…kl0.003-seed1-node17…st-attempt',
  ]);
});

it.each([
  [['a', 'b']],
  [[NAME]],
  [[NAME, `other ${NAME}`]],
  [[NAME, NAME]],
  // What would become alike stays whole.
  [
    [
      `${'x'.repeat(30)}1${'y'.repeat(80)}`,
      `${'x'.repeat(30)}2${'y'.repeat(80)}`,
      `${'x'.repeat(30)}1${'y'.repeat(40)}z${'y'.repeat(39)}`,
    ],
  ],
])('changes nothing about %j', (names) => {
  expect(shortNames(names)).toEqual(names);
});
