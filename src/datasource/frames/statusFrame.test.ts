import { toFixed } from '@grafana/data';
import type { MetricsAnswer, Run } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { statusFrame } from './statusFrame';

const run = (summary: NonNullable<Run['summary']>): Run => ({
  id: 'a',
  project: 'p',
  name: 'a',
  state: 'running',
  attempts: [],
  archived: false,
  tags: [],
  summary,
  createdAt: 0,
  updatedAt: 0,
});

const figure = (name: string, summary: NonNullable<Run['summary']>) =>
  statusFrame(run(summary), undefined, '', 'A').fields.find((field) => field.name === name);

/** The colour that a figure's thresholds give its value. */
function colorOf(name: string, summary: NonNullable<Run['summary']>): string | undefined {
  const { values = [], config = {} } = figure(name, summary) ?? {};
  return config.thresholds?.steps.filter(({ value }) => (value ?? 0) <= Number(values[0])).at(-1)?.color;
}

it.each([
  ['Zero-spread groups', { frac_reward_zero_std: 0.83 }, 'orange'],
  ['Zero-spread groups', { 'train/frac_reward_zero_std': 0.5 }, 'orange'],
  ['Zero-spread groups', { 'critic/zero_spread': 0.49 }, 'text'],
  ['Truncated', { 'response_length/clip_ratio': 0.25 }, 'orange'],
  ['Truncated', { 'train/completions/clipped_ratio': 0.05 }, 'text'],
])('%s of %j is %s, by the bounds of the alerts', (name, summary, color) => {
  expect(colorOf(name, summary)).toBe(color);
});

it('has a dash for what is not logged', () => {
  expect(figure('Truncated', {})).toMatchObject({ values: [null], config: { noValue: '–' } });
});

it.each([
  [[0.5, 0.2], /^-0\.3$/],
  [[2, 0.5], /^-1\.500$/],
  [[1e308, 0.3], /^-1/],
])('says in digits how the last of %j is against the best', (value, text) => {
  const step = value.map((_, i) => i + 1);
  const series = [{ run: 'a', metric: 'acc', step, time: step, value, totalPoints: value.length }];
  const { fields } = statusFrame(run({}), { series, asOf: '' } as unknown as MetricsAnswer, 'acc', 'A');
  const field = fields.find(({ name }) => name === 'Against best');
  expect(toFixed(Number(field?.values[0]), field?.config.decimals)).toMatch(text);
});
