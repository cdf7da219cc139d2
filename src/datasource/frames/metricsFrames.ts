import {
  createDataFrame,
  type DataFrame,
  type DataLink,
  type Field,
  FieldType,
  type QueryResultMetaNotice,
} from '@grafana/data';
import type { MetricsAnswer, Run, Series } from '@rolloscope/contract/types';
import type { MetricsQuery } from '../query';
import { BASELINE_COLOR, colorOf, lineConfig } from './seriesStyle';

/** What the frames need to know beside the answer. */
export interface MetricsContext {
  query: MetricsQuery;
  /** Of the runs in the answer; a run may be missing. */
  runs: ReadonlyMap<string, Run>;
  /** Of every point. */
  link?: DataLink;
  /** That no point lies in the dashboard's time range, so that those outside it are shown. */
  isOutside?: boolean;
}

const toNumber = (value: number | string) => (typeof value === 'number' ? value : Number(value));

/** Frames that Grafana's own panels draw as they are: one joined by step, else one a series. */
export function metricsFrames(answer: MetricsAnswer, context: MetricsContext): DataFrame[] {
  const { query } = context;
  const frames =
    query.x.by === 'step'
      ? [joined(answer.series, context)]
      : answer.series.map((one) => single(one, context, answer.series));
  const notices = [...(context.isOutside ? outsideNotice(answer) : []), ...noticesOf(answer)];
  return frames.map((frame, i) => ({
    ...frame,
    refId: query.refId,
    meta: { ...frame.meta, ...(i === 0 && notices.length > 0 && { notices }) },
  }));
}

/** The parts of a series' name that tell it from its neighbours. */
function nameOf(one: Series, all: readonly Series[], runs: ReadonlyMap<string, Run>): string {
  const run = one.group ?? runs.get(one.run)?.name ?? one.run;
  const manyRuns = new Set(all.map((series) => series.group ?? series.run)).size > 1;
  const manyMetrics = new Set(all.map(({ metric }) => metric)).size > 1;
  const twins = all.some(
    (other) =>
      other.run !== one.run && other.metric === one.metric && runs.get(other.run)?.name === runs.get(one.run)?.name,
  );
  const shown = twins ? `${run} (${one.run})` : run;
  return manyRuns && manyMetrics ? `${one.metric} · ${shown}` : manyRuns ? shown : one.metric;
}

function configOf(one: Series, all: readonly Series[], { query, runs, link }: MetricsContext): Field['config'] {
  const manyMetrics = new Set(all.map(({ metric }) => metric)).size > 1;
  const isBaseline =
    one.run === query.baseline || all.some(({ run }) => run !== one.run && runs.get(run)?.baseline === one.run);
  const ownColor = colorOf(manyMetrics ? `${one.run} ${one.metric}` : (one.group ?? one.run));
  const color = isBaseline && !manyMetrics ? BASELINE_COLOR : ownColor;
  return {
    ...lineConfig(color, one.metric, isBaseline),
    displayNameFromDS: nameOf(one, all, runs),
    ...(link && { links: [link] }),
  };
}

function labelsOf(one: Series, runs: ReadonlyMap<string, Run>): Record<string, string> {
  const project = runs.get(one.run)?.project;
  return { run: one.run, metric: one.metric, ...(project && { project }), ...(one.group && { group: one.group }) };
}

function valueField(one: Series, values: (number | null)[], all: readonly Series[], context: MetricsContext): Field {
  return {
    name: one.metric,
    type: FieldType.number,
    values,
    config: configOf(one, all, context),
    labels: labelsOf(one, context.runs),
  };
}

/** All series over their common steps, ascending; a series without a step has a gap there. */
function joined(series: readonly Series[], context: MetricsContext): DataFrame {
  const steps = [...new Set(series.flatMap(({ step }) => step))]
    .filter((step): step is number => step !== null)
    .sort((a, b) => a - b);
  const at = new Map(steps.map((step, i) => [step, i]));
  const spread = (one: Series, of: (i: number) => number) => {
    const values = new Array<number | null>(steps.length).fill(null);
    one.step.forEach((step, i) => {
      const index = step === null ? undefined : at.get(step);
      if (index !== undefined) {
        values[index] = of(i);
      }
    });
    return values;
  };
  const fields: Field[] = [{ name: 'Step', type: FieldType.number, values: steps, config: {} }];
  for (const one of series) {
    fields.push(
      valueField(
        one,
        spread(one, (i) => toNumber(one.value[i] ?? Number.NaN)),
        series,
        context,
      ),
    );
    if (one.spread) {
      fields.push(...band(one, spread, series, context));
    }
  }
  return createDataFrame({ fields });
}

/** The band of one standard deviation around a group's mean. */
function band(
  one: Series,
  spread: (one: Series, of: (i: number) => number) => (number | null)[],
  all: readonly Series[],
  context: MetricsContext,
): Field[] {
  const name = nameOf(one, all, context.runs);
  const color = colorOf(one.group ?? one.run);
  const edge = (sign: 1 | -1): Field => ({
    name: `${one.metric} ${sign > 0 ? '+' : '−'} sd`,
    type: FieldType.number,
    values: spread(one, (i) => toNumber(one.value[i] ?? Number.NaN) + sign * (one.spread?.[i] ?? 0)),
    labels: labelsOf(one, context.runs),
    config: {
      displayNameFromDS: `${name} ${sign > 0 ? '+' : '−'} sd`,
      color: { mode: 'fixed', fixedColor: color },
      custom: {
        lineWidth: 0,
        spanNulls: true,
        ...(sign > 0 && { fillBelowTo: `${name} − sd`, fillOpacity: 15 }),
        hideFrom: { legend: true, tooltip: true, viz: false },
      },
    },
  });
  return [edge(1), edge(-1)];
}

/** One series by time or by another metric; the step stays beside it, for links. */
function single(one: Series, context: MetricsContext, all: readonly Series[]): DataFrame {
  const { x } = context.query;
  const first: Field =
    x.by === 'metric'
      ? { name: x.metric, type: FieldType.number, values: (one.x ?? []).map(toNumber), config: {} }
      : { name: 'Time', type: FieldType.time, values: one.time, config: {} };
  const hidden = { hideFrom: { viz: true, legend: true, tooltip: true }, hidden: true };
  return createDataFrame({
    name: nameOf(one, all, context.runs),
    fields: [
      first,
      valueField(one, one.value.map(toNumber), all, context),
      { name: 'Step', type: FieldType.number, values: one.step, config: { custom: hidden } },
    ],
  });
}

/** When the runs were, where the dashboard shows another time. */
function outsideNotice({ series }: MetricsAnswer): QueryResultMetaNotice[] {
  const times = series.flatMap(({ time }) => [time[0], time.at(-1)]).filter((time) => time !== undefined);
  if (times.length === 0) {
    return [];
  }
  const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const text = `Ran ${day.formatRange(Math.min(...times), Math.max(...times))}, outside this time range.`;
  return [{ severity: 'warning', text }];
}

function noticesOf(answer: MetricsAnswer): QueryResultMetaNotice[] {
  const notices: QueryResultMetaNotice[] = [];
  const drawn = answer.series.reduce((sum, { value }) => sum + value.length, 0);
  const logged = answer.series.reduce((sum, { totalPoints }) => sum + totalPoints, 0);
  if (logged > drawn) {
    const text = `${drawn.toLocaleString('en')} of ${logged.toLocaleString('en')} points drawn; every dip and peak is kept.`;
    notices.push({ severity: 'info', text });
  }
  if (answer.truncated) {
    notices.push({ severity: 'warning', text: 'More series than one chart takes: choose fewer runs or metrics.' });
  }
  const { runs = [] } = answer.missing ?? {};
  // A glob that fits nothing is no surprise; a name is.
  const metrics = (answer.missing?.metrics ?? []).filter((name) => !name.includes('*'));
  if (runs.length > 0) {
    notices.push({ severity: 'warning', text: `No such run: ${runs.join(', ')}` });
  }
  if (metrics.length > 0) {
    notices.push({ severity: 'warning', text: `Not logged: ${metrics.join(', ')}` });
  }
  return notices;
}
