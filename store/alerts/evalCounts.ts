import type { RunEntry } from '../runs/RunEntry';
import type { Counts } from './Eval';

/** Keys and metrics that say how many prompts an eval has; `<task>` is the task's name. */
const PROMPT_KEYS = [
  'eval.<task>.prompts',
  'eval.<task>.n_prompts',
  'eval.prompts',
  'eval.n_prompts',
  'eval.num_prompts',
].concat(['eval_prompts', 'n_eval_prompts', 'num_eval_prompts', 'eval_dataset_size', 'data.val_max_samples']);
const PROMPT_METRICS = ['eval/<task>/n_prompts', 'eval/n_prompts', 'val/n_prompts'];

/** Keys that say how often each prompt of an eval is sampled; verl, OpenRLHF, slime and prime-rl have theirs, too. */
const SAMPLE_KEYS = [
  'eval.<task>.samples_per_prompt',
  'eval.<task>.samples',
  'eval.<task>.n_samples',
  'eval.samples_per_prompt',
  'eval.samples',
  'eval.n_samples',
  'eval.num_samples',
].concat([
  'eval_samples_per_prompt',
  'eval_samples',
  'n_eval_samples',
  'actor_rollout_ref.rollout.val_kwargs.n',
  'eval_n_samples_per_prompt',
  'eval.n_samples_per_prompt',
  'n_samples_per_eval_prompt',
  'eval.rollouts_per_example',
]);

/** Names of means over so many samples: `acc/mean@32`, `accuracy/mean_at_32`, `avg@32`. */
const SAMPLES_IN_NAME = /(?:mean|avg)(?:@|_at_)(\d+)$/;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;

/** Tells how many prompts an eval has, from the run's config or a metric that tells it; undefined without either. */
function configPrompts({ record, latest }: RunEntry, task: string): number | undefined {
  const fill = (key: string) => key.replace('<task>', () => task);
  const told = PROMPT_METRICS.map((metric) => latest.get(fill(metric))?.value);
  return [...told, ...PROMPT_KEYS.map((key) => valueAt(record.config, fill(key)))].find(isCount);
}

/** Tells how often an eval samples each prompt, by the metric's name or the run's config; undefined without either. */
function configSamples({ record }: RunEntry, metric: string, task: string): number | undefined {
  const named = Number(SAMPLES_IN_NAME.exec(metric)?.[1]);
  const fill = (key: string) => key.replace('<task>', () => task);
  return [named, ...SAMPLE_KEYS.map((key) => valueAt(record.config, fill(key)))].find(isCount);
}

/** Gives the counts that a task's share is the mean over; `known`: counted prompts. Empty where nothing tells any. */
export function evalCounts(entry: RunEntry, metric: string, task: string, known?: number): Partial<Counts> {
  const prompts = known ?? configPrompts(entry, task);
  const samples = configSamples(entry, metric, task);
  return prompts === undefined ? {} : { prompts, ...(samples !== undefined && { samples }) };
}

/** A value of nested config, by a path in which every dot goes one deeper, or as a flat key. */
function valueAt(config: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(config, path)) {
    return config[path];
  }
  let value: unknown = config;
  for (const key of path.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
  }
  return value;
}
