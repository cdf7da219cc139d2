import { createDataFrame, type DataFrame, type Field, FieldType, MappingType, type ValueMapping } from '@grafana/data';
import type { MetricsAnswer } from '@rolloscope/contract/types';
import type { MetricsQuery } from '../query';
import { inRows, joinAxes } from './joinAxes';
import { metricsNotices } from './metricsNotices';
import { type MetricsContext, type Places, type SeriesLine, seriesLines } from './seriesLines';
import { hiddenConfig } from './seriesStyle';

const UNKNOWN = { mode: 'fixed', fixedColor: '#8e8e8e' };

/**
 * A frame that says why nothing is there: with the axis that its panel looks for, and the reason where a line's name is.
 */
export function reasonFrame({ x, refId }: MetricsQuery, reason: string): DataFrame {
  const fields: Field[] = [
    emptyAxis(x),
    { name: reason, type: FieldType.number, values: [], config: { displayNameFromDS: reason, color: UNKNOWN } },
  ];
  return { ...createDataFrame({ refId, fields }), meta: { notices: [{ severity: 'warning', text: reason }] } };
}

function emptyAxis(x: MetricsQuery['x']): Field {
  const isOfTime = x.by === 'time';
  const name = isOfTime ? 'Time' : x.by === 'elapsed' ? 'Time since start' : x.by === 'metric' ? x.metric : 'Step';
  return { name, type: isOfTime ? FieldType.time : FieldType.number, values: [], config: {} };
}

/** Makes an empty axis for panels that look for one by its name: without a frame, Trend says that it cannot find it. */
export const emptyFrames = ({ x, refId }: MetricsQuery): DataFrame[] =>
  isOneFrame({ x }) ? [createDataFrame({ refId, fields: [emptyAxis(x)] })] : [];

/** The ways in which Explore shows the frames, by x axis: its graph takes times only. */
const VISUALISATIONS: Readonly<Record<MetricsQuery['x']['by'], DataFrame['meta']>> = {
  auto: { preferredVisualisationPluginId: 'trend' },
  step: { preferredVisualisationPluginId: 'trend' },
  elapsed: { preferredVisualisationPluginId: 'trend' },
  time: { preferredVisualisationType: 'graph' },
  metric: { preferredVisualisationPluginId: 'xychart' },
};

/**
 * Frames that Grafana's own panels draw as they are: by step and by elapsed time one frame, joined and ascending, as
 * Trend wants it; by time and by another metric one a series, as Time series and XY chart want them.
 */
export function metricsFrames(answer: MetricsAnswer, context: MetricsContext): DataFrame[] {
  const { query } = context;
  const series = seriesLines(answer, context);
  const isJoined = isOneFrame(query);
  const frames = isJoined ? [joined(series.flat(), context)] : series.flatMap((lines) => apart(lines, query));
  const visualisation = VISUALISATIONS[query.x.by];
  const notices = metricsNotices(answer, context);
  return frames.map((frame, i) => ({
    ...frame,
    refId: query.refId,
    meta: { ...visualisation, ...(i === 0 && notices.length > 0 && { notices }) },
  }));
}

const isOneFrame = ({ x }: Pick<MetricsQuery, 'x'>) => x.by === 'step' || x.by === 'auto' || x.by === 'elapsed';

const step = (values: (number | null)[], config: Field['config']): Field => ({
  name: 'Step',
  type: FieldType.number,
  values,
  config: { decimals: 0, ...config },
});

/** Makes a field text: what makes figures takes every number for one. Grafana guesses the type of any other. */
const asText = (field: Field): Field => ({
  ...field,
  type: FieldType.string,
  values: field.values.map((value) => (value === null ? null : String(value))),
});

/** Makes the steps beside a line, for links and exports. */
const stepBeside = (values: (number | null)[]): Field => asText(step(values, hiddenConfig));

/** Steps of an axis on which charts set ticks between steps, such as at 2.5; and those that it begins at. */
const SHORT_AXIS = 150;
const BEGINNINGS = 50;
/** Mappings by the step that they begin at: a chart is made anew where its fields get another list, however alike. */
const between = new Map<number, ValueMapping[]>();
const MOST_KEPT = 100;

/** Leaves the ticks between the steps of a short axis without a label, where each would say the step beside it again. */
function wholeSteps(x: readonly number[]): Pick<Field['config'], 'mappings'> {
  const begin = Math.floor((x[0] ?? 0) / BEGINNINGS) * BEGINNINGS;
  if ((x.at(-1) ?? 0) - begin > SHORT_AXIS) {
    return {};
  }
  const mappings =
    between.get(begin) ??
    Array.from(
      { length: SHORT_AXIS + 2 },
      (_, i): ValueMapping => ({
        type: MappingType.RangeToText,
        options: { from: begin + i - 1 + 1e-3, to: begin + i - 1e-3, result: { text: ' ' } },
      }),
    );
  if (between.size > MOST_KEPT) {
    between.clear();
  }
  between.set(begin, mappings);
  return { mappings };
}

/** Steps below which the end of an axis leaves more room: there it would move with every few steps. */
const FEW_STEPS = 64;
/** Steps that an axis has room for at least, while a run goes on: its first ones come into a chart that stands still. */
const LEAST_STEPS = 9;

/**
 * An axis that ends a little after its last step, so that the step's label is not cut. It ends at a round place, so that
 * it moves seldom while a run goes on: Grafana makes a chart anew whose fields change, and whoever reads its tooltip loses
 * it. A run of few steps that goes on has room for up to half as many more, and for its first ones from the second on.
 */
function roomAfter(x: readonly number[], goesOn: boolean): Pick<Field['config'], 'max'> {
  const [first = 0, last = 0] = [x[0], x.at(-1)];
  const extent = last - first;
  if (extent <= 0) {
    return {};
  }
  if (goesOn && Number.isInteger(extent) && extent < LEAST_STEPS) {
    return { max: first + LEAST_STEPS };
  }
  const parts = goesOn ? (extent < FEW_STEPS ? 2 : 8) : 16;
  const round = Math.max(goesOn ? 2 : 0, 2 ** Math.floor(Math.log2(extent)) / parts);
  return { max: Math.ceil((last + extent * 0.02) / round) * round };
}

/** All lines over their common x; a line has a gap where only others have a point. */
function joined(lines: readonly SeriesLine[], { query, runs, takesFigures }: MetricsContext): DataFrame {
  const places = [...new Set(lines.map((line) => line.places))];
  const { x, rows } = joinAxes(places.map((one) => one.x));
  const rowsOf = new Map(places.map((one, i) => [one, rows[i] ?? new Int32Array()]));
  const isStep = query.x.by !== 'elapsed';
  const goesOn = [...runs.values()].some(({ state }) => state === 'running');
  const axis: Field = isStep
    ? step(x, { ...wholeSteps(x), ...roomAfter(x, goesOn) })
    : { name: 'Time since start', type: FieldType.number, values: x, config: { unit: 's' } };
  const fields = lines.map(({ places: at, values, field }): Field => {
    const column = inRows(values, rowsOf.get(at) ?? new Int32Array(), x.length);
    // Only a line that breaks somewhere needs to tell a gap from another line's point: null alone survives a snapshot.
    const breaks = field.config.custom?.spanNulls === false;
    return { ...field, values: breaks ? column : column.map((value) => value ?? null) };
  });
  return createDataFrame({
    fields: [
      takesFigures ? asText(axis) : axis,
      ...fields,
      ...(isStep ? [] : [stepBeside(stepsInRows(rowsOf, x.length))]),
    ],
  });
}

/** The step of each row, of the first series that has a point in it. */
function stepsInRows(rowsOf: ReadonlyMap<Places, Int32Array>, count: number): (number | null)[] {
  const steps = new Array<number | null>(count).fill(null);
  for (const [places, rows] of rowsOf) {
    rows.forEach((row, i) => {
      if (row >= 0) {
        steps[row] ??= places.step[i] ?? null;
      }
    });
  }
  return steps;
}

/** The lines of one series, a frame for each of the places that they are at; the step stays beside, for links. */
function apart(lines: readonly SeriesLine[], { x }: MetricsQuery): DataFrame[] {
  const places = [...new Set(lines.map((line) => line.places))];
  return places.map((at) => {
    const here = lines.filter((line) => line.places === at);
    const axis: Field =
      x.by === 'metric'
        ? { name: x.metric, type: FieldType.number, values: at.x, config: {} }
        : { name: 'Time', type: FieldType.time, values: at.x, config: {} };
    return createDataFrame({
      name: here[0]?.field.config.displayNameFromDS ?? '',
      fields: [axis, ...here.map(({ field, values }): Field => ({ ...field, values })), stepBeside(at.step)],
    });
  });
}
