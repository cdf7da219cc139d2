import type { MetricInfo } from '@rolloscope/contract/types';
import { useMemo } from 'react';
import { layoutOf } from '../chart/layoutOf';
import { extentOf, linesOf } from '../chart/linesOf';
import { usePoints } from '../data/usePoints';
import type { ChartsModel } from './ChartsModel';

/** A metric's lines and scales, as soon as its points are there. */
export function useChart(model: ChartsModel, metric: MetricInfo, width: number, height: number, isWanted: boolean) {
  const { source, runs, points, means, x, smoothing, range } = model;
  // What was logged without steps has times alone.
  const axis = metric.firstStep === undefined ? 'elapsed' : x;
  const asked = axis === 'elapsed' ? 'time' : 'step';
  const answer = usePoints(points, metric, asked, isWanted);
  const isReduced = answer?.series.some(({ value, totalPoints }) => value.length < totalPoints) ?? false;
  const meanAnswer = usePoints(means, metric, asked, isWanted && means !== undefined && isReduced);
  const { unit, word } = useMemo(() => source.metricUnit(metric.name, metric.max ?? 0), [source, metric]);
  const [lines, isLog] = useMemo(() => {
    const drawing = { x: axis, smoothing, means: means && meanAnswer?.series };
    const draw = (log: boolean) => linesOf(answer?.series ?? [], runs, { ...drawing, isLog: log });
    const found = draw(model.isLog);
    // Where nothing is above 0, there is no logarithm to show.
    return model.isLog && !extentOf(found, true) ? [draw(false), false] : [found, model.isLog];
  }, [answer, means, meanAnswer, runs, axis, smoothing, model.isLog]);
  const shownRange = axis === x ? range : undefined;
  const layout = useMemo(
    () => layoutOf(lines, { width, height, axis, isLog, range: shownRange, unit }),
    [lines, width, height, axis, isLog, shownRange, unit],
  );
  return { answer, axis, lines, isLog, layout, unit, word };
}
