import type { RunEntry } from '../runs/RunBook';

/** Where configs and metrics say how many prompts an eval has; `<task>` is the task's name. */
const CONFIG_KEYS = [
  'eval.<task>.prompts',
  'eval.<task>.n_prompts',
  'eval.prompts',
  'eval.n_prompts',
  'eval.num_prompts',
].concat(['eval_prompts', 'n_eval_prompts', 'num_eval_prompts', 'eval_dataset_size', 'data.val_max_samples']);
const METRICS = ['eval/<task>/n_prompts', 'eval/n_prompts', 'val/n_prompts'];

/** The number of prompts of a task's evals, from the run's config or a metric that tells it; undefined without either. */
export function configPrompts({ record, latest }: RunEntry, task: string): number | undefined {
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
  const fill = (key: string) => key.replace('<task>', () => task);
  const told = METRICS.map((metric) => latest.get(fill(metric))?.value);
  return [...told, ...CONFIG_KEYS.map((key) => valueAt(record.config, fill(key)))].find(isCount);
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
