import type { LogEntry, MetricValue } from '@rolloscope/contract/types';
import { textsTable } from '../formats/texts';
import type { RunState } from './RunState';
import type { HistoryLine } from './readHistoryLine';
import { axisOf, mainAxis } from './stepAxes';

/**
 * What a history line logs, by step. A metric's step is the value of its step metric (`define_metric`), else of the one
 * that counts the training, where the line has it, else `_step`. A metric whose step metric has no value yet is logged without a step, since on another axis it would stand wrong.
 * `number` stands for the `_step` that lines of shared mode lack.
 */
export function historyEntries(
  state: RunState,
  line: HistoryLine,
  number: number,
): { entries: LogEntry[]; stepOf: (name: string) => number | null } {
  const own = line.step ?? number;
  const steps = new Map<string, number | null>();
  const stepOn = (axis: string): number | null => {
    const known = steps.get(axis);
    if (known !== undefined) {
      return known;
    }
    const value = line.metrics[axis];
    if (typeof value === 'number' && !Number.isSafeInteger(value) && !state.fractional.includes(axis)) {
      state.fractional.push(axis);
    }
    const step = state.fractional.includes(axis) ? own : typeof value === 'number' ? value : null;
    steps.set(axis, step);
    return step;
  };
  const main = mainAxis(state.axes);
  const stepOf = (name: string): number | null => {
    const axis = axisOf(state.axes, name);
    return axis === undefined ? ((main === undefined ? undefined : stepOn(main)) ?? own) : stepOn(axis);
  };
  const byStep = new Map<number | null, [string, MetricValue][]>();
  for (const [name, value] of Object.entries(line.metrics)) {
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
