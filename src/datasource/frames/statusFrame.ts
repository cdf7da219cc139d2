import { createDataFrame, type DataFrame, type Field, FieldType } from '@grafana/data';
import type { MetricsAnswer, Run, Series } from '@rolloscope/contract/types';
import { toNumber } from './runsFrame';

/** Metrics that carry what the status shows, under the names in use; the first one that a run has counts. */
export const STATUS_METRICS = {
  prompts: ['eval/n_prompts'],
  zeroSpread: ['frac_reward_zero_std', 'critic/zero_spread'],
  truncated: ['response_length/clip_ratio', 'completions/clipped_ratio'],
} as const;

function lastOf(run: Run, names: readonly string[]): number | null {
  for (const name of names) {
    const value = toNumber(run.summary?.[name]);
    if (value !== null) {
      return value;
    }
  }
  return null;
}

/** Standard error of a share over so many prompts. */
export function standardError(share: number, prompts: number): number {
  return Math.sqrt((share * (1 - share)) / prompts);
}

const isShare = (value: number) => value >= 0 && value <= 1;

function accuracyText(run: Run, evals: Series | undefined): string {
  const value = evals?.value.at(-1);
  if (typeof value !== 'number') {
    return value === undefined ? '–' : String(value);
  }
  const prompts = lastOf(run, STATUS_METRICS.prompts);
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return !isShare(value)
    ? value.toFixed(3)
    : prompts
      ? `${percent(value)} ± ${percent(standardError(value, prompts))}`
      : percent(value);
}

/** How a run is doing: one row, one field a figure. `answer` holds the accuracy's points. */
export function statusFrame(run: Run, answer: MetricsAnswer | undefined, accuracy: string, refId: string): DataFrame {
  const evals = answer?.series.find((one) => one.run === run.id && one.metric === accuracy);
  const values = (evals?.value ?? []).filter((value): value is number => typeof value === 'number');
  const last = values.at(-1);
  const change = last === undefined ? null : last - Math.max(...values);
  const figure = (name: string, value: number | string | null, config: Field['config'] = {}): Field => ({
    name,
    type: typeof value === 'string' ? FieldType.string : FieldType.number,
    values: [value],
    config: { displayName: name, noValue: '–', ...config },
  });
  const state = { running: 'blue', finished: 'green', failed: 'red', crashed: 'orange' }[run.state];
  const color = (fixedColor: string) => ({ color: { mode: 'fixed', fixedColor } });
  const frame = createDataFrame({
    refId,
    name: run.name,
    meta: { preferredVisualisationType: 'table' },
    fields: [
      figure('State', run.state, color(state)),
      figure('Step', run.lastStep ?? null, { decimals: 0, ...color('text') }),
      figure('Accuracy ± SE', accuracyText(run, evals), color('text')),
      figure('Against best', change, {
        ...(values.every(isShare) ? { unit: 'percentunit', decimals: 1 } : { decimals: 3 }),
        ...color(change !== null && change < -0.03 ? 'orange' : 'text'),
      }),
      figure('Zero-spread groups', lastOf(run, STATUS_METRICS.zeroSpread), {
        unit: 'percentunit',
        decimals: 0,
        ...color('text'),
      }),
      figure('Truncated', lastOf(run, STATUS_METRICS.truncated), {
        unit: 'percentunit',
        decimals: 0,
        ...color('text'),
      }),
    ],
  });
  return { ...frame, meta: { preferredVisualisationType: 'table' } };
}
