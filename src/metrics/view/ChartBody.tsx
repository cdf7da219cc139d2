import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { MetricInfo } from '@rolloscope/contract/types';
import React from 'react';
import { palette } from '../../shared/palette';
import { Crosshair } from '../chart/Crosshair';
import { shortNumber } from '../chart/formatValue';
import { Plot } from '../chart/Plot';
import { usePointing } from '../chart/usePointing';
import type { ChartsModel } from './ChartsModel';
import type { useChart } from './useChart';

interface Props {
  model: ChartsModel;
  metric: MetricInfo;
  chart: ReturnType<typeof useChart>;
  width: number;
  height: number;
}

/** The plot of a chart with its crosshair, or why there is none. */
export function ChartBody({ model, metric, chart, width, height }: Props) {
  const styles = useStyles2(getStyles);
  const { hover, x, onRange, points } = model;
  const { answer, axis, lines, layout, unit } = chart;
  const { brush, handlers } = usePointing({
    hover,
    metric: metric.name,
    axis,
    lines,
    layout,
    onRange: axis === x ? onRange : undefined,
  });
  if (!layout) {
    const text = answer ? (model.range ? 'No points in this range' : 'No points') : (points.fault ?? '');
    return (
      <div
        className={styles.nothing}
        style={{ height }}
        {...(!answer && points.fault === undefined && { 'aria-busy': true })}
      >
        {text}
      </div>
    );
  }
  return (
    <div className={styles.body} style={{ height }} {...handlers}>
      <Plot
        label={labelOf(metric, lines.length)}
        lines={lines}
        layout={layout}
        axis={axis}
        width={width}
        height={height}
      />
      <Crosshair
        hover={hover}
        metric={metric.name}
        axis={axis}
        lines={lines}
        layout={layout}
        width={width}
        height={height}
        unit={unit}
      />
      {brush && (
        <div
          className={styles.brush}
          style={{ left: brush[0], width: brush[1] - brush[0], top: layout.y.to, height: layout.y.from - layout.y.to }}
        />
      )}
    </div>
  );
}

/** Says what a chart shows, for those who do not see it. */
function labelOf({ name, firstStep, lastStep, last, points }: MetricInfo, runs: number): string {
  const steps = firstStep === undefined ? '' : `, steps ${firstStep} to ${lastStep ?? firstStep}`;
  return `${name}: ${runs} ${runs === 1 ? 'run' : 'runs'}, ${points} points${steps}, last ${shortNumber(Number(last))}`;
}

const getStyles = (theme: GrafanaTheme2) => ({
  body: css({ position: 'relative', cursor: 'crosshair', touchAction: 'pan-y', userSelect: 'none' }),
  brush: css({ position: 'absolute', pointerEvents: 'none', background: palette(theme).primary.transparent }),
  nothing: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    padding: theme.spacing(0, 1),
    overflow: 'hidden',
    textAlign: 'center',
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
