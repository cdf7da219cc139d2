import type { MetricInfo } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { alertOffers } from './alertOffers';

const metric = (name: string, last: MetricInfo['last'] = 0.5): MetricInfo => ({
  name,
  runs: 1,
  points: 3,
  lastTime: 0,
  last,
});
const offered = (...metrics: MetricInfo[]) => alertOffers('r', 'p', metrics, ({ metric: name }) => `/to/${name}`);

it('begins with evals, and then rewards', () => {
  const names = [
    'actor/lr',
    'critic/rewards/max',
    'critic/rewards/mean',
    'actor/kl',
    'eval/reward/mean',
    'eval/gsm8k/accuracy/mean',
  ];
  expect(offered(...names.map((name) => metric(name))).map(({ title }) => title)).toEqual([
    'eval/gsm8k/accuracy/mean',
    'eval/reward/mean',
    'critic/rewards/mean',
    'critic/rewards/max',
    'actor/kl',
    'actor/lr',
  ]);
});

it('says on which side of the last reading a rule fires, and leads to its form', () => {
  expect(offered(metric('eval/accuracy', 0.61), metric('loss', 'NaN'))).toEqual([
    { title: 'eval/accuracy', about: 'fires below 0.61', url: '/to/eval/accuracy' },
    { title: 'loss', about: 'fires above 0', url: '/to/loss' },
  ]);
});

it('is no list of hundreds', () => {
  expect(offered(...Array.from({ length: 300 }, (_, i) => metric(`m${i}`)))).toHaveLength(8);
});
