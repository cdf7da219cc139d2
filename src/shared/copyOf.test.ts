import { expect, it } from 'vitest';
import { copyOf } from './copyOf';

const fill = (values: Record<string, unknown>) => (text: string) => {
  const value = values[text.replace(/^\$\{(.*):json\}$/, '$1')];
  return typeof value === 'string' ? value : JSON.stringify(value);
};
const dashboard = { run: ['a', 'b'], step: '7', $odd: 'x' };
const of = (own: Record<string, unknown>, all: Record<string, unknown> = dashboard) =>
  copyOf(Object.keys(all), fill({ ...all, ...own }), fill(all));

it('is nothing for a panel that is not repeated', () => {
  expect(of({})).toBe('');
  expect(copyOf([], String, String)).toBe('');
});

it('tells copies apart, and is the same for the same copy', () => {
  expect(of({ run: 'a' })).toBe('run=a');
  expect(of({ run: 'b' })).toBe('run=b');
  expect(of({ run: 'b', step: '8' })).toBe('run=b&step=8');
});

it('is the same whether others are chosen beside it or not', () => {
  expect(of({ run: 'a' }, { ...dashboard, run: ['a'] })).toBe('run=a');
});
