import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { EVAL_TABLE, EVALS, EvalResults, evalRank, evalTask, fitsEval, fitsName } from './evals';

it.each([
  'eval/gsm8k/accuracy',
  'eval/gsm8k/accuracy/mean',
  'eval/gsm8k/accuracy/mean@4',
  'eval/math/acc/mean@8',
  'eval/accuracy/mean',
  'eval/reward',
  'eval_reward',
  'eval/gsm8k/avg@16',
  'eval/gsm8k',
  'eval/aime-2024',
  'val/reward',
  'eval/default_pass1',
  'val-core/openai/gsm8k/acc/mean@8',
  'val-core/aime/reward/mean_at_4',
  'eval/all/avg_score',
  'validation/accuracy',
  'eval/sums-pass@1',
  'eval/sums-pass_at_1',
  'eval/math/pass_at_1',
  'eval/pass@1',
  'eval/aime-mean@8',
  'eval/compass1',
])('%s is the result of an eval', (metric) => {
  expect(evalRank(metric)).toBeTypeOf('number');
  expect(fitsName(metric, EVALS)).toBe(true);
});

it.each([
  'eval/loss',
  'eval_loss',
  'eval/runtime',
  'eval/samples_per_second',
  'eval/n_prompts',
  'eval/response_length',
  'eval/gsm8k-truncated_ratio',
  'eval/gsm8k/response_len/mean',
  'eval/rewards/format/mean',
  'eval/rewards/format/std',
  'eval/reward_std',
  'eval/global_step',
  'eval/kl',
  'eval/gsm8k/accuracy/std',
  'val-aux/gsm8k/acc/best@4/mean',
  'train/reward',
  'critic/rewards/mean',
  'rollout/accuracy/mean',
  'retrieval/x',
  // What several tries of a prompt come to together.
  'eval/sums-pass@2',
  'eval/sums_pass4',
  'eval/sums/pass_at_16',
  'eval/sums/pass_at_n',
  'eval/sums/effective/agent/pass@8',
  'eval/sums/effective/agent/pass^1',
  'eval/pass@8',
  'eval/maj@8',
  'eval/sums-cons_at_64',
  'eval/sums/accuracy/best@4',
  'eval/sums/accuracy/worst@4',
  'eval/sums/accuracy/std@4',
  'val-core/openai/gsm8k/acc/best@8/mean',
  'val-core/openai/gsm8k/acc/maj@8/mean',
  'val-core/openai/gsm8k/acc/pass@8',
  'validation/pass_k',
])('%s is none', (metric) => {
  expect(evalRank(metric)).toBeUndefined();
});

it('an accuracy goes before a reward, and a dataset alone comes last', () => {
  const names = ['eval/gsm8k', 'eval/gsm8k/reward', 'eval/gsm8k/accuracy/mean@4'];
  const ranked = names.toSorted((a, b) => (evalRank(a) ?? 99) - (evalRank(b) ?? 99));
  expect(ranked).toEqual([...names].reverse());
});

const resultsOf = (metrics: readonly string[]) => {
  const results = new EvalResults();
  metrics.forEach((metric) => {
    results.take(metric);
  });
  return results.metrics();
};

it.each([
  ['slime', ['eval/sums', 'eval/sums-pass@1', 'eval/sums-pass@2', 'eval/sums-truncated_ratio'], 'eval/sums-pass@1'],
  ['slime, as it is', ['eval/sums', 'eval/sums-truncated_ratio'], 'eval/sums'],
  ['OpenRLHF', ['eval/sums_pass4', 'eval/sums_pass1', 'eval/sums_truncated_rate'], 'eval/sums_pass1'],
  ['SkyRL', ['eval/sums/avg_score', 'eval/sums/pass_at_4', 'eval/sums/mean_positive_reward'], 'eval/sums/avg_score'],
  ['NeMo-RL', ['validation/accuracy', 'validation/pass_k', 'validation/avg_length'], 'validation/accuracy'],
  [
    'prime-rl',
    ['eval/sums/all/agent/avg@4', 'eval/sums/effective/agent/avg@4', 'eval/sums/effective/agent/pass^4'],
    'eval/sums/effective/agent/avg@4',
  ],
  [
    'prime-rl, of rewards of 0 and 1',
    ['eval/sums/all/agent/avg@4', 'eval/sums/effective/agent/avg@4', 'eval/sums/effective/agent/pass@1'],
    'eval/sums/effective/agent/pass@1',
  ],
  [
    'verl',
    ['val-core/gsm8k/acc/mean@8', 'val-core/gsm8k/acc/best@8/mean', 'val-core/gsm8k/acc/maj@8/mean'],
    'val-core/gsm8k/acc/mean@8',
  ],
  [
    'Trinity',
    ['eval/sums/accuracy/mean@4', 'eval/sums/accuracy/best@2', 'eval/sums/accuracy/best@4', 'eval/sums/accuracy/std@4'],
    'eval/sums/accuracy/mean@4',
  ],
  ['one that tells several means', ['eval/sums/acc/mean@8', 'eval/sums/acc/mean@16'], 'eval/sums/acc/mean@16'],
])('of what %s tells of a task, one is its result', (_, metrics, result) => {
  expect(resultsOf(metrics)).toEqual([result]);
  expect(resultsOf(metrics.toReversed())).toEqual([result]);
  expect(evalTask(result)).toMatch(/^(sums|gsm8k|)$/);
});

it('each task has a result, and each agent', () => {
  const agents = ['eval/game/effective/solver/avg@4', 'eval/game/effective/proposer/avg@4'];
  const metrics = ['eval/reward', 'eval/gsm8k', 'eval/aime', ...agents];
  expect(resultsOf(metrics)).toEqual(metrics);
});

it('who writes a pattern for pass@8 has it watched', () => {
  expect(fitsEval('eval/sums/pass@8', 'eval/*/pass@8')).toBe(true);
  expect(fitsEval('eval/sums/pass@8', 'eval/*/pass*')).toBe(false);
});

it('dashboards ask for evals by the one list', () => {
  const folder = fileURLToPath(new URL('../provisioning/dashboards/', import.meta.url));
  const dashboards = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const texts = dashboards.map((name) => readFileSync(`${folder}${name}`, 'utf8'));
  const asked = texts.filter((text) => text.includes(`"${EVALS}"`)).length;
  expect(asked).toBe(6);
  for (const text of texts) {
    expect(text).not.toMatch(/"(eval|val-core)\/[^"]*\*/);
  }
  const regression = JSON.parse(texts[dashboards.indexOf('regression.json')] ?? '{}');
  const table = regression.templating.list.find(({ name }: { name: string }) => name === 'evalTable');
  expect(table.regex).toBe(`/${EVAL_TABLE.source.replace(/^\^/, '^(').replace(/\$$/, ')$')}/i`);
});
