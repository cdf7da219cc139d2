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

/** The fields of a run that is judged by some points of a metric. */
function judged(metric: string, value: number[], summary = {}) {
  const step = value.map((_, i) => i + 1);
  const series = [{ run: 'a', metric, step, time: step, value, totalPoints: value.length }];
  return statusFrame(run(summary), { series, asOf: '' } as unknown as MetricsAnswer, metric, 'A').fields;
}

it.each([
  ['eval/gsm8k/accuracy/mean', [0.5, 0.9], 'Accuracy ± SE', '90.0% ± 3.0%'],
  ['eval/gsm8k_pass1', [0.5], 'Accuracy ± SE', '50.0% ± 5.0%'],
  ['eval_accuracy', [30, 45.25], 'Accuracy ± SE', '45.3%'],
  ['my/acc', [0.5], 'Accuracy ± SE', '50.0% ± 5.0%'],
  ['eval_reward', [0.3, -0.516], 'Eval reward', '-0.516'],
  ['eval/reward/mean', [0.7], 'Eval reward', '0.700'],
  ['val/test_score/gsm8k', [0.7], 'Eval score', '0.700'],
  ['eval/gsm8k/avg@8', [0.7], 'Eval result', '0.700'],
  ['eval/gsm8k', [0.7], 'Eval result', '0.700'],
  ['loss', [2], 'loss', '2.000'],
  ['eval_reward', [1e300], 'Eval reward', '1.000e+300'],
  ['', [], 'Eval', '–'],
])('calls %s of %j by what it is: %s', (metric, value, title, text) => {
  const field = judged(metric, value, { 'eval/n_prompts': 100 })[2];
  expect([field?.name, field?.values[0]]).toEqual([title, text]);
});

it.each([
  ['eval_accuracy', [0.9, 0.88], 'text'],
  ['eval_accuracy', [0.9, 0.86], 'orange'],
  ['eval_accuracy', [90, 88], 'text'],
  ['eval_reward', [-0.5, -0.516], 'orange'],
  ['eval_reward', [10, 9.9], 'text'],
  ['eval_reward', [0, 0], 'text'],
])('colours the last of %s %j by what alerts open at: %s', (metric, value, color) => {
  expect(judged(metric, value)[3]?.config.color?.fixedColor).toBe(color);
});

it.each([
  ['acc', [0.5, 0.2], /^-0\.3$/],
  ['reward', [2, 0.5], /^-1\.500$/],
  ['reward', [1e308, 0.3], /^-1/],
])('says in digits how the last of %s %j is against the best', (metric, value, text) => {
  const fields = judged(metric, value);
  const field = fields.find(({ name }) => name === 'Against best');
  expect(toFixed(Number(field?.values[0]), field?.config.decimals)).toMatch(text);
});
