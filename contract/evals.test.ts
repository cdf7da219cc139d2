import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { EVAL_TABLE, EVALS, evalRank, fitsName } from './evals';

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
])('%s is none', (metric) => {
  expect(evalRank(metric)).toBeUndefined();
});

it('an accuracy goes before a reward, and a dataset alone comes last', () => {
  const names = ['eval/gsm8k', 'eval/gsm8k/reward', 'eval/gsm8k/accuracy/mean@4'];
  const ranked = names.toSorted((a, b) => (evalRank(a) ?? 99) - (evalRank(b) ?? 99));
  expect(ranked).toEqual([...names].reverse());
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
