/** One `define_metric`: the step metric that a metric, or all metrics that begin so, are drawn over. */
export interface AxisDefinition {
  /** The metric's name; what it begins with where `isPrefix`. */
  name: string;
  isPrefix: boolean;
  step: string;
}

/** Definitions that are read of one run. */
const MOST = 10_000;

/**
 * Reads `_wandb.value.m` of a W&B config: protocol buffers as JSON, keyed by field number (1 name, 2 glob, 4 step
 * metric, 5 its index in the list, counted from 1).
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
    if (typeof glob === 'string') {
      return [{ name: glob.replace(/\*$/, ''), isPrefix: glob.endsWith('*'), step }];
    }
    return typeof field[1] === 'string' ? [{ name: field[1], isPrefix: false, step }] : [];
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
