import type { MetricInfo } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { isFound, sectionsOf } from './sectionsOf';

const metrics = (...names: string[]): MetricInfo[] =>
  names.map((name) => ({ name, runs: 1, points: 1, lastTime: 0, last: 1 }));

const namesOf = (list: MetricInfo[], search?: string) =>
  sectionsOf(list, search).map(({ prefix, metrics: of }) => [prefix, ...of.map(({ name }) => name)]);

it('has every metric once: evals first, then those without a prefix, then the rest by name', () => {
  const list = metrics('timing_s/gen', 'loss', 'actor/lr', 'eval/n_prompts', 'eval/accuracy/mean', 'actor/kl', '/odd');
  expect(namesOf(list)).toEqual([
    ['eval', 'eval/accuracy/mean', 'eval/n_prompts'],
    ['', '/odd', 'loss'],
    ['actor', 'actor/kl', 'actor/lr'],
    ['timing_s', 'timing_s/gen'],
  ]);
});

it('orders numbers in names as numbers', () => {
  expect(namesOf(metrics('layer/10', 'layer/9', 'layer/100'))).toEqual([['layer', 'layer/9', 'layer/10', 'layer/100']]);
});

it('keeps what is found, and no empty section', () => {
  expect(namesOf(metrics('actor/loss', 'actor/lr', 'loss', 'critic/LOSS'), 'loss')).toEqual([
    ['', 'loss'],
    ['actor', 'actor/loss'],
    ['critic', 'critic/LOSS'],
  ]);
});

it('finds names that hold every word, and stars for anything', () => {
  expect(isFound('actor/grad_norm/max', 'MAX grad')).toBe(true);
  expect(isFound('actor/grad_norm/max', 'grad*max')).toBe(true);
  expect(isFound('actor/grad_norm/max', 'max*grad')).toBe(false);
  expect(isFound('anything', '  ')).toBe(true);
});

it('bears names that objects have of themselves', () => {
  expect(namesOf(metrics('__proto__/a', 'constructor'))).toEqual([
    ['', 'constructor'],
    ['__proto__', '__proto__/a'],
  ]);
});
