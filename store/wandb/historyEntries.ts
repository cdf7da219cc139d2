import type { LogEntry, MetricValue } from '@rolloscope/contract/types';
import { textsTable } from '../formats/texts';
import type { RunState } from './RunState';
import type { HistoryLine } from './readHistoryLine';
import { axisOf, isCounter, isSynced, mainAxis, stepBeside } from './stepAxes';

/**
 * What a history line logs, by step. A metric's step is the value of its step metric (`define_metric`), else of the one
 * that counts the training, where the line has it, else `_step`. A metric whose step metric has no value yet is logged
 * without a step, since on another axis it would stand wrong. `number` stands for the `_step` that lines of shared mode
 * lack.
 */
export function historyEntries(
  state: RunState,
  line: HistoryLine,
  number: number,
): { entries: LogEntry[]; stepOf: (name: string) => number | null } {
  const own = line.step ?? number;
  const main = mainAxis(state.axes);
  const isFilledIn = (axis: string) =>
    line.metrics[axis] === 0 &&
    state.begun.includes(axis) &&
    !state.counting.includes(axis) &&
    isSynced(state.axes, axis);
  const stepOn = (axis: string, name: string): number | null => {
    const value = line.metrics[axis];
    // Of what may come to have fractions no value is a step, or one curve would stand on two axes.
    if (!isCounter(axis)) {
      const training = main !== undefined && main !== axis ? stepOn(main, name) : null;
      return training ?? stepBeside(line.metrics, name, axis) ?? own;
    }
    if (value === 0 && isSynced(state.axes, axis)) {
      return stepBeside(line.metrics, name, axis) ?? (isFilledIn(axis) ? null : 0);
    }
    const step = typeof value === 'number' ? Math.round(value) : null;
    return step === null || Number.isSafeInteger(step) ? step : own;
  };
  const stepOf = (name: string): number | null => {
    const axis = axisOf(state.axes, name);
    return axis === undefined ? ((main === undefined ? undefined : stepOn(main, name)) ?? own) : stepOn(axis, name);
  };
  for (const { step } of state.axes) {
    if (Number(line.metrics[step]) > 0 && !state.counting.includes(step)) {
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
  return { entries, stepOf };
}
