import type { LogEntry, LoggedTable, MetricValue } from '@rolloscope/contract/types';
import { textsTable } from '../formats/texts';
import type { HistoryLine } from './readHistoryLine';
import { type AxisDefinition, isCounter, isOfValues, StepAxes, StepsOfLine, undefinedStep } from './stepAxes';
import type { WandbRunState } from './WandbRunState';

/** The step axes by the definitions of a call's runs: its lines have the same. */
const known = new WeakMap<readonly AxisDefinition[], StepAxes>();

/** Columns of a table of images and sounds that were logged by name. */
export const SEEN_COLUMNS: LoggedTable['columns'] = [{ name: 'media', role: 'media' }, 'caption'];

/** Steps of a client up to which what counts the training may show itself. */
const FIRST_STEPS = 10;

/**
 * Notes by a line's values what counts steps. What `define_metric` names does, as long as its values are whole where its
 * name does not tell; where nothing is defined, a `global_step` that does not go back but where a client took the run up
 * again.
 */
function judge(state: WandbRunState, { metrics, step }: HistoryLine): void {
  const turned = state.axes.flatMap(({ step: axis }) => {
    const value = metrics[axis];
    return value !== undefined && isOfValues(axis) && !Number.isSafeInteger(value) ? axis : [];
  });
  if (turned.length > 0) {
    state.odd = [...new Set([...(state.odd ?? []), ...turned])];
  }
  if (state.axes.length === 0 && state.counter === undefined && step !== undefined) {
    const counter = undefinedStep(metrics) ?? (step > FIRST_STEPS ? '' : undefined);
    if (counter !== undefined) {
      state.counter = counter;
    }
  }
  if (state.counter && metrics[state.counter] !== undefined) {
    const value = metrics[state.counter];
    if (Number.isSafeInteger(value) && Number(value) >= (state.counted ?? 0)) {
      state.counted = Number(value);
    } else {
      state.counter = '';
    }
  }
}

/**
 * Returns what a history line logs, by step. A metric's step is the value of its step metric (`define_metric`), else of
 * the one that counts the training, where the line has it, else `_step`. A metric whose step metric has no value yet is
 * logged without a step, since on another axis it would stand wrong. `number` stands for the `_step` that lines of
 * shared mode lack.
 */
export function historyEntries(
  state: WandbRunState,
  line: HistoryLine,
  number: number,
): { entries: LogEntry[]; stepOf: (name: string) => number | null } {
  const own = line.step ?? number;
  const axes = known.get(state.axes) ?? new StepAxes(state.axes);
  known.set(state.axes, axes);
  judge(state, line);
  const odd = new Set(state.odd);
  const counts = (axis: string) => isCounter(axis) || (isOfValues(axis) && !odd.has(axis));
  const main = axes.main ?? (state.counter || undefined);
  const steps = new StepsOfLine(line.metrics);
  const [begun, counting] = [new Set(state.begun), new Set(state.counting)];
  const isFilledIn = (axis: string) =>
    line.metrics[axis] === 0 && begun.has(axis) && !counting.has(axis) && axes.isSynced(axis);
  const stepOn = (axis: string, name: string): number | null => {
    const value = line.metrics[axis];
    // No value of what may come to have fractions is a step, or one curve would stand on two axes.
    if (!counts(axis)) {
      const training = main !== undefined && main !== axis ? stepOn(main, name) : null;
      return training ?? steps.beside(name, axis) ?? own;
    }
    if (value === 0 && axes.isSynced(axis)) {
      return steps.beside(name, axis) ?? (isFilledIn(axis) ? null : 0);
    }
    const step = typeof value === 'number' ? Math.round(value) : null;
    return step === null || Number.isSafeInteger(step) ? step : own;
  };
  const stepOf = (name: string): number | null => {
    const axis = axes.of(name);
    return axis === undefined ? ((main === undefined ? undefined : stepOn(main, name)) ?? own) : stepOn(axis, name);
  };
  for (const { step } of state.axes) {
    if (Number(line.metrics[step]) > 0 && !counting.has(step)) {
      counting.add(step);
      state.counting.push(step);
    }
  }
  const byStep = new Map<number | null, [string, MetricValue][]>();
  for (const [name, value] of Object.entries(line.metrics)) {
    if (isFilledIn(name)) {
      continue;
    }
    const step = stepOf(name);
    const metrics = byStep.get(step) ?? [];
    metrics.push([name, value]);
    byStep.set(step, metrics);
  }
  const time = line.time !== undefined && { time: line.time };
  const entries: LogEntry[] = [...byStep].map(([step, metrics]) => ({
    ...(step !== null && { step }),
    ...time,
    metrics: Object.fromEntries(metrics),
  }));
  for (const [name, value] of Object.entries(line.texts)) {
    const step = stepOf(name);
    entries.push({
      ...(step !== null && { step }),
      ...time,
      tables: textsTable([[name, value]]),
    });
  }
  for (const { name, refs } of line.seen) {
    const step = stepOf(name);
    const rows = refs.map(({ alt, ...ref }) => [ref, alt ?? null]);
    entries.push({ ...(step !== null && { step }), ...time, tables: { [name]: { columns: SEEN_COLUMNS, rows } } });
  }
  return { entries, stepOf };
}
