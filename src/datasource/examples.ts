import type { StoreQuery } from './query';

/** A query that shows something, for the query help and the guide. */
export interface Example {
  queryType: StoreQuery['queryType'];
  title: string;
  code: string;
}

export const EXAMPLES: readonly Example[] = [
  { queryType: 'metrics', title: 'A metric by step', code: 'runs.history["eval/accuracy/mean"]' },
  {
    queryType: 'metrics',
    title: 'The five newest runs, smoothed; the raw lines stay, faint',
    code: 'runs(newest=5).history["critic/rewards/mean"].smooth(0.9)',
  },
  {
    queryType: 'metrics',
    title: 'The three best runs',
    code: 'runs(order=summary.eval/accuracy/mean desc, limit=3).history["eval/accuracy/mean"]',
  },
  {
    queryType: 'metrics',
    title: 'Every evaluation of the baselines, by glob',
    code: 'runs(tag="baseline").history["eval/*", "val-core/*"]',
  },
  {
    queryType: 'metrics',
    title: 'Runs by a config value, joined by group: mean ± standard deviation',
    code: 'runs(config.lr <= 1e-5).history["critic/rewards/mean"].group()',
  },
  {
    queryType: 'metrics',
    title: 'By wall time, beside GPU metrics',
    code: 'runs(state="running").history["critic/rewards/mean"].x(time).live()',
  },
  {
    queryType: 'metrics',
    title: 'Against tokens seen, or by the time since the start with .x(elapsed)',
    code: 'runs(newest=2).history["eval/accuracy/mean"].x("tokens/seen")',
  },
  {
    queryType: 'rows',
    title: "A table's latest rows, as a summary has them",
    code: 'runs.summary["rollout_examples"]',
  },
  {
    queryType: 'rows',
    title: 'The worst rollouts of some steps first',
    code: 'runs.history["rollout_examples"].step(10-20).where(reward < 1).order(reward)',
  },
  {
    queryType: 'rows',
    title: 'Rollouts that say something',
    code: 'runs.history["rollout_examples"].search("sorry|apolog", regex)',
  },
  {
    queryType: 'groups',
    title: 'Prompts by how much worse they got since a step',
    code: 'runs(newest=1).groups["rollout_examples"].step(20).compare(step=10).order(change)',
  },
  {
    queryType: 'runs',
    title: 'Runs with the last values of metrics',
    code: 'runs(newest=20).summary["eval/accuracy/mean", "critic/rewards/mean"]',
  },
  { queryType: 'compare', title: 'In which config values runs differ', code: 'runs(newest=5).config' },
  { queryType: 'status', title: 'How one run is doing', code: 'runs(newest=1).status["eval/accuracy/mean"]' },
  { queryType: 'events', title: 'When runs started and ended', code: 'runs.events["start", "finish"]' },
];
