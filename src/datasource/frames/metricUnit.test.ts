import { expect, it } from 'vitest';
import { metricUnit, unitConfig } from './metricUnit';

it.each([
  ['timing_s/step', 's'],
  ['perf/time_per_step', 's'],
  ['rollouts/seconds/p99', 's'],
  ['rollouts/generateSeconds/p50', 's'],
  ['rollouts/policyAge/p99', undefined],
  ['timing_per_token_ms/gen', 'ms'],
  ['perf/throughput', 'tokens/s'],
  ['eval/accuracy/mean', 'percentunit'],
  ['val-core/openai/gsm8k/acc/mean@8', 'percentunit'],
  ['eval/gsm8k/pass@4', 'percentunit'],
  ['response_length/clip_ratio', 'percentunit'],
  ['actor/pg_clipfrac', 'percentunit'],
  ['completions/clipped_ratio', 'percentunit'],
  ['frac_reward_zero_std', 'percentunit'],
  ['response_length/mean', 'tokens'],
  ['completions/mean_length', 'tokens'],
  ['prompt_length/max', 'tokens'],
  ['perf/max_memory_allocated_gb', 'decgbytes'],
  ['critic/rewards/mean', undefined],
  ['val-core/openai/gsm8k/reward/mean@8', undefined],
  ['actor/ratio/mean', undefined],
  ['actor/lr', undefined],
  ['train/learning_rate', undefined],
  ['eval/n_prompts', undefined],
  ['loss', undefined],
])('%s is shown in %s', (metric, unit) => {
  expect(metricUnit(metric)).toBe(unit);
});

it('stands beside the axis where Grafana has no such unit', () => {
  expect(unitConfig('response_length/mean')).toEqual({ unit: 'short', axisLabel: 'tokens' });
  expect(unitConfig('eval/accuracy', [0.5, 63])).toEqual({ unit: 'percent' });
  expect(unitConfig('loss')).toEqual({});
});
