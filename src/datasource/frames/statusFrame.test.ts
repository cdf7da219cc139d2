import type { Run } from '@rolloscope/contract/types';
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
