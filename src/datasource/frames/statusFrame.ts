import { createDataFrame, type DataFrame, type Field, FieldType } from '@grafana/data';
import { fitsGlob } from '@rolloscope/contract/fitsGlob';
import { JUDGED } from '@rolloscope/contract/judged';
import type { MetricsAnswer, Run, Series } from '@rolloscope/contract/types';
import { toNumber } from './runsFrame';

/** Prompts of an eval. */
const PROMPTS = ['eval/n_prompts'];

/** The last value of the first metric that fits. */
function lastOf(run: Run, globs: readonly string[]): number | null {
  const names = Object.keys(run.summary ?? {});
  for (const glob of globs) {
    const name = names.find((one) => fitsGlob(one, glob));
    const value = name === undefined ? null : toNumber(run.summary?.[name]);
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
  const prompts = lastOf(run, PROMPTS);
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return !isShare(value)
    ? value.toFixed(3)
    : prompts
      ? `${percent(value)} ± ${percent(standardError(value, prompts))}`
      : percent(value);
}

/** Orange from a bound on. */
const from = (bound: number): Field['config'] => ({
  color: { mode: 'thresholds' },
  thresholds: {
    mode: 'absolute' as NonNullable<Field['config']['thresholds']>['mode'],
    steps: [
      { value: Number.NEGATIVE_INFINITY, color: 'text' },
      { value: bound, color: 'orange' },
    ],
  },
});

/** Grafana multiplies by a power of ten to round: the largest numbers have no room for that. */
const decimalsOf = (change: number) => Math.abs(change) < Number.MAX_SAFE_INTEGER && { decimals: 3 };

const figure = (name: string, value: number | string | null, config: Field['config'] = {}): Field => ({
  name,
  type: typeof value === 'string' ? FieldType.string : FieldType.number,
  values: [value],
  config: { displayName: name, noValue: '–', ...config },
});

const color = (fixedColor: string) => ({ color: { mode: 'fixed', fixedColor } });
const GREY = '#8e8e8e';

/** Of a run that cannot be read: Stat shows the word of a frame without fields in green. */
export function unknownStatus(refId: string, state: string): DataFrame {
  const rest = ['Step', 'Accuracy ± SE', 'Against best', 'Zero-spread groups', 'Truncated'];
  const fields = [figure('State', state, color(GREY)), ...rest.map((name) => figure(name, null, color(GREY)))];
  return createDataFrame({ refId, fields });
}

/** How a run is doing: one row, one field a figure. `answer` holds the accuracy's points. */
export function statusFrame(run: Run, answer: MetricsAnswer | undefined, accuracy: string, refId: string): DataFrame {
  const evals = answer?.series.find((one) => one.run === run.id && one.metric === accuracy);
  const values = (evals?.value ?? []).filter((value): value is number => Number.isFinite(value));
  const last = values.at(-1);
  const change = last === undefined ? null : last - Math.max(...values);
  const state = { running: 'blue', finished: 'green', failed: 'red', crashed: 'orange' }[run.state];
  // What alerts open at stands out here.
  const share = (name: string, { metrics, bound }: (typeof JUDGED)['zeroSpread' | 'truncated']) =>
    figure(name, lastOf(run, metrics), { unit: 'percentunit', decimals: 0, ...from(bound) });
  const frame = createDataFrame({
    refId,
    name: run.name,
    meta: { preferredVisualisationType: 'table' },
    fields: [
      figure('State', run.state, color(state)),
      figure('Step', run.lastStep ?? null, { decimals: 0, ...color('text') }),
      figure('Accuracy ± SE', accuracyText(run, evals), color('text')),
      figure('Against best', change, {
        ...(values.every(isShare) ? { unit: 'percentunit', decimals: 1 } : change !== null && decimalsOf(change)),
        ...color(change !== null && change <= -JUDGED.leastDrop ? 'orange' : 'text'),
      }),
      share('Zero-spread groups', JUDGED.zeroSpread),
      share('Truncated', JUDGED.truncated),
    ],
  });
  return { ...frame, meta: { preferredVisualisationType: 'table' } };
}
