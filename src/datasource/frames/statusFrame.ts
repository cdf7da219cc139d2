import { createDataFrame, type DataFrame, type Field, FieldType } from '@grafana/data';
import { type EvalWord, evalWord } from '@rolloscope/contract/evals';
import { fitsGlob } from '@rolloscope/contract/fitsGlob';
import { JUDGED } from '@rolloscope/contract/judged';
import type { MetricsAnswer, Run } from '@rolloscope/contract/types';
import { metricUnit, unitConfig } from './metricUnit';
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

const TITLES: Readonly<Record<EvalWord, string>> = {
  accuracy: 'Accuracy ± SE',
  reward: 'Eval reward',
  score: 'Eval score',
  result: 'Eval result',
};

/** Says in a word or two what the chosen metric is: an accuracy, what else an eval comes to, or itself. */
const titleOf = (metric: string): string => {
  const word = evalWord(metric);
  return word ? TITLES[word] : metricUnit(metric) === 'percentunit' ? TITLES.accuracy : metric || 'Eval';
};

function evalText(run: Run, metric: string, values: readonly number[], last: number | string | undefined): string {
  if (typeof last !== 'number') {
    return last === undefined ? '–' : String(last);
  }
  const { unit } = unitConfig(metric, values);
  const prompts = lastOf(run, PROMPTS);
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return unit === 'percent'
    ? `${last.toFixed(1)}%`
    : unit !== 'percentunit'
      ? formatted(last)
      : prompts && last >= 0 && last <= 1
        ? `${percent(last)} ± ${percent(standardError(last, prompts))}`
        : percent(last);
}

/** Grafana multiplies by a power of ten to round, and so would the digits of the largest numbers fill the panel. */
const isRoundable = (value: number) => Math.abs(value) < Number.MAX_SAFE_INTEGER;
const formatted = (value: number) => (isRoundable(value) ? value.toFixed(3) : value.toPrecision(4));

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

const figure = (name: string, value: number | string | null, config: Field['config'] = {}): Field => ({
  name,
  type: typeof value === 'string' ? FieldType.string : FieldType.number,
  values: [value],
  config: { displayName: name, noValue: '–', ...config },
});

const color = (fixedColor: string) => ({ color: { mode: 'fixed', fixedColor } });
const GREY = '#8e8e8e';

/** The status of a run that cannot be read, as a frame of its own: of one without fields Stat shows its word in green. */
export function unknownStatus(refId: string, state: string): DataFrame {
  const rest = ['Step', 'Eval', 'Against best', 'Zero-spread groups', 'Truncated'];
  const fields = [figure('State', state, color(GREY)), ...rest.map((name) => figure(name, null, color(GREY)))];
  return createDataFrame({ refId, fields });
}

/** Makes one row of how a run is doing, one field a figure. `answer` holds the points of the metric that judges it. */
export function statusFrame(run: Run, answer: MetricsAnswer | undefined, metric: string, refId: string): DataFrame {
  const evals = answer?.series.find((one) => one.run === run.id && one.metric === metric);
  const values = (evals?.value ?? []).filter((value): value is number => Number.isFinite(value));
  const last = values.at(-1);
  const best = Math.max(...values);
  const change = last === undefined ? null : last - best;
  const { unit } = unitConfig(metric, values);
  const whole = { percentunit: 1, percent: 100 }[unit ?? ''] ?? Math.abs(best);
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
      figure(titleOf(metric), evalText(run, metric, values, evals?.value.at(-1)), color('text')),
      figure('Against best', change, {
        ...(unit ? { unit, decimals: 1 } : change !== null && isRoundable(change) && { decimals: 3 }),
        ...color(change !== null && change < 0 && change <= -JUDGED.leastDrop * whole ? 'orange' : 'text'),
      }),
      share('Zero-spread groups', JUDGED.zeroSpread),
      share('Truncated', JUDGED.truncated),
    ],
  });
  return { ...frame, meta: { preferredVisualisationType: 'table' } };
}
