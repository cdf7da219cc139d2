/** One `define_metric`: the step metric that a metric, or all metrics that begin so, are drawn over. */
export interface AxisDefinition {
  /** The metric's name; what it begins with where `isPrefix`. */
  name: string;
  isPrefix: boolean;
  step: string;
  /** The client adds the step metric to lines that lack it: its newest value, or 0 as long as its process has none. */
  isSynced?: boolean;
}

/** Definitions that are read of one run. */
const MOST = 10_000;

/**
 * Reads `_wandb.value.m` of a W&B config: protocol buffers as JSON, keyed by field number (1 name, 2 glob, 4 step
 * metric, 5 its index in the list, counted from 1, 6 options, of which 1 is `step_sync`).
 */
export function readAxes(list: unknown): AxisDefinition[] {
  const fields = (Array.isArray(list) ? list.slice(0, MOST) : []).map((one) =>
    typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {},
  );
  return fields.flatMap((field) => {
    const step = field[4] ?? fields[Number(field[5] ?? 0) - 1]?.[1];
    const glob = field[2];
    if (typeof step !== 'string' || step === '') {
      return [];
    }
    const isSynced = Array.isArray(field[6]) && field[6].includes(1);
    const more = { step, ...(isSynced && { isSynced }) };
    if (typeof glob === 'string') {
      return [{ name: glob.replace(/\*$/, ''), isPrefix: glob.endsWith('*'), ...more }];
    }
    return typeof field[1] === 'string' ? [{ name: field[1], isPrefix: false, ...more }] : [];
  });
}

/** The metric whose value is the step of `metric`: for a step metric itself; undefined where `_step` is. */
export function axisOf(axes: readonly AxisDefinition[], metric: string): string | undefined {
  if (axes.some(({ step }) => step === metric)) {
    return metric;
  }
  const exact = axes.find(({ name, isPrefix }) => !isPrefix && name === metric);
  return (exact ?? axes.find(({ name, isPrefix }) => isPrefix && metric.startsWith(name)))?.step;
}

/** Step metrics by whose name they count training steps, as against an index or a number of samples. */
const TRAINING_STEP = /(^|[/_.])step$/i;
/** Step metrics by whose name they count something whole; others, such as epochs, may come to have fractions. */
const COUNTER =
  /(^|[/_.])(n_?|num_?|total_?|global_?|train(ing)?_?|env_?)*(steps?|iter(ation)?s?|batch(es)?|rounds?|updates?|episodes?|samples?|tokens?|frames?|index|idx|i|count)$/i;

/** Whether the values of a step metric can be steps, from its first one to its last. */
export const isCounter = (axis: string): boolean => COUNTER.test(axis);

/** Whether the client fills the step metric in where a line lacks it. */
export const isSynced = (axes: readonly AxisDefinition[], axis: string): boolean =>
  axes.some((one) => one.step === axis && one.isSynced === true);

/** Another metric than `axis` that counts training steps and has the beginning of `metric`, such as `eval/global_step`. */
export function stepBeside(metrics: Record<string, unknown>, metric: string, axis: string): number | undefined {
  const beginning = metric.slice(0, metric.lastIndexOf('/') + 1);
  const isStep = (name: string) =>
    name !== axis && name.startsWith(beginning) && !name.slice(beginning.length).includes('/');
  const values = Object.entries(metrics)
    .filter(([name, value]) => isStep(name) && TRAINING_STEP.test(name) && Number.isSafeInteger(value))
    .map(([, value]) => Number(value));
  return values[0];
}

/**
 * The step metric that counts the training: what was logged beside it belongs to its step, defined or not, so that a run
 * has one axis. Of several the first by name, since clients list definitions in no order.
 */
export function mainAxis(axes: readonly AxisDefinition[]): string | undefined {
  return axes
    .map(({ step }) => step)
    .filter((step) => TRAINING_STEP.test(step))
    .sort()[0];
}
