import { LIMITS } from '@rolloscope/contract';
import { numberOf } from '../formats/coerce';

/** One `define_metric`: the step metric that a metric, or all metrics that begin so, are drawn over. */
export interface AxisDefinition {
  /** The metric's name; what it begins with where `isPrefix`. */
  name: string;
  isPrefix: boolean;
  step: string;
  /** The client adds the step metric to lines that lack it: its newest value, or 0 as long as its process has none. */
  isSynced?: boolean;
}

/** Definitions that are read of one run, and characters of a name in them. */
const MOST = 1_000;
const MOST_CHARS = LIMITS.nameChars;

const isTooLong = (name: unknown) => typeof name === 'string' && name.length > MOST_CHARS;

/**
 * Reads `_wandb.value.m` of a W&B config: protocol buffers as JSON, keyed by field number (1 name, 2 glob, 4 step
 * metric, 5 its index in the list, counted from 1, 6 options, of which 1 is `step_sync`).
 */
export function readAxes(list: unknown): AxisDefinition[] {
  const fields = (Array.isArray(list) ? list.slice(0, MOST) : []).map((one) =>
    typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {},
  );
  return fields.flatMap((field) => {
    const step = field[4] ?? fields[numberOf(field[5] ?? 0) - 1]?.[1];
    const glob = field[2];
    if (typeof step !== 'string' || step === '' || [step, glob, field[1]].some(isTooLong)) {
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

/** Step metrics by whose name they count training steps, as against an index or a number of samples. */
const TRAINING_STEP = /(^|[/_.])step$/i;
/** Step metrics by whose name they count something whole; others, such as epochs, may come to have fractions. */
const COUNTER =
  /(^|[/_.])(n_?|num_?|total_?|global_?|train(ing)?_?|env_?|time_?)*(steps?|it(e?r(ation)?)?s?|batch(es)?|rounds?|updates?|episodes?|generations?|rollouts?|samples?|tokens?|frames?|index|idx|i|count)(_?(n|num|number|idx|index|total|count))?$/i;

/** Step metrics by whose name they measure, and so may come to have fractions, though the first values have none. */
const MEASURE =
  /(^|[/_.])(epochs?|progress|frac(tion)?s?|percent(age)?|pct|ratio|time(stamp)?|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|elapsed|runtime|wall|clock|flops|loss|reward|lr|wait|units?)([/_.]|$)/i;
/** Metrics that count the training by their names, where nothing is defined. */
const UNDEFINED_STEP = /^((train(er|ing)?|trainer|actor|learner)[/_.])?(global_?step|gs)$/i;

/** Says whether by its name the values of a step metric can be steps, from its first one to its last. */
export const isCounter = (axis: string): boolean => COUNTER.test(axis);

/** Says whether its name tells nothing of that: its values have to. */
export const isOfValues = (axis: string): boolean => !COUNTER.test(axis) && !MEASURE.test(axis);

/** The metric that counts the training, in a line of a run that defines no step metric. */
export const undefinedStep = (metrics: Readonly<Record<string, unknown>>): string | undefined =>
  Object.keys(metrics).find((name) => UNDEFINED_STEP.test(name) && Number.isSafeInteger(metrics[name]));

/** The definitions of a run, to be asked about metric after metric. */
export class StepAxes {
  private readonly steps: ReadonlySet<string>;
  private readonly synced: ReadonlySet<string>;
  private readonly exact: ReadonlyMap<string, AxisDefinition>;
  private readonly prefixes: ReadonlyMap<string, AxisDefinition>;
  /** Prefixes, each once. */
  private readonly lengths: readonly number[];
  private readonly order: ReadonlyMap<AxisDefinition, number>;
  /**
   * The step metric that counts the training: what was logged beside it belongs to its step, defined or not, so that a
   * run has one axis. Of several the first by name, since clients list definitions in no order.
   */
  readonly main: string | undefined;

  constructor(axes: readonly AxisDefinition[]) {
    // The first of two definitions of one name counts.
    const byName = (isPrefix: boolean) =>
      new Map(
        axes
          .filter((one) => one.isPrefix === isPrefix)
          .map((one) => [one.name, one] as const)
          .reverse(),
      );
    this.steps = new Set(axes.map(({ step }) => step));
    this.synced = new Set(axes.flatMap(({ step, isSynced }) => (isSynced === true ? [step] : [])));
    this.exact = byName(false);
    this.prefixes = byName(true);
    this.lengths = [...new Set([...this.prefixes.keys()].map(({ length }) => length))];
    this.order = new Map(axes.map((one, i) => [one, i]));
    this.main = [...this.steps].filter((step) => TRAINING_STEP.test(step)).sort()[0];
  }

  /** The metric whose value is the step of `metric`: for a step metric itself; undefined where `_step` is. */
  of(metric: string): string | undefined {
    if (this.steps.has(metric)) {
      return metric;
    }
    const exact = this.exact.get(metric);
    if (exact) {
      return exact.step;
    }
    const found = this.lengths.flatMap((length) => this.prefixes.get(metric.slice(0, length)) ?? []);
    const orderOf = (one: AxisDefinition) => this.order.get(one) ?? 0;
    return found.sort((a, b) => orderOf(a) - orderOf(b))[0]?.step;
  }

  /** Says whether the client fills the step metric in where a line lacks it. */
  isSynced(axis: string): boolean {
    return this.synced.has(axis);
  }
}

/** Metrics of one line that count training steps, such as `eval/global_step`. */
export class StepsOfLine {
  /** Metrics by what their names begin with, up to the last slash; in the order of the line. */
  private readonly byBeginning = new Map<string, Array<{ name: string; value: number }>>();

  constructor(metrics: Record<string, unknown>) {
    for (const [name, value] of Object.entries(metrics)) {
      if (TRAINING_STEP.test(name) && Number.isSafeInteger(value)) {
        const known = this.byBeginning.get(beginningOf(name)) ?? [];
        this.byBeginning.set(beginningOf(name), known);
        known.push({ name, value: Number(value) });
      }
    }
  }

  /** The value of a step metric that begins as `metric` does and is not `axis`; undefined where there is none. */
  beside(metric: string, axis: string): number | undefined {
    return this.byBeginning.get(beginningOf(metric))?.find(({ name }) => name !== axis)?.value;
  }
}

const beginningOf = (name: string) => name.slice(0, name.lastIndexOf('/') + 1);
