import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { Fragment, memo } from 'react';
import { palette } from '../../shared/palette';
import type { XAxis } from '../data/MetricsView';
import { shortNumber } from './formatValue';
import type { ChartLayout } from './layoutOf';
import type { ChartLine } from './linesOf';
import { pathOf } from './pathOf';
import { pixelOf } from './scale';
import { xText } from './xTicks';

interface Props {
  label: string;
  lines: readonly ChartLine[];
  layout: ChartLayout;
  axis: XAxis;
  width: number;
  height: number;
}

/** The lines of a chart over its grid; the crosshair is drawn above it. */
export const Plot = memo(function Plot({ label, lines, layout, axis, width, height }: Props) {
  const styles = useStyles2(getStyles);
  const { x, y, xTicks, yTicks } = layout;
  const bottom = y.from;
  const labels = xTicks.map((tick) => ({ tick, at: pixelOf(x, tick), text: xText(axis, tick) }));
  return (
    <svg className={styles.plot} width={width} height={height} role="img" aria-label={label}>
      {yTicks.map(({ value, text }) => (
        <Fragment key={value}>
          <line className={styles.grid} x1={x.from} x2={x.to} y1={pixelOf(y, value)} y2={pixelOf(y, value)} />
          <text className={styles.text} x={x.from - 5} y={pixelOf(y, value) + 3.5} textAnchor="end">
            {text}
          </text>
        </Fragment>
      ))}
      {labels.map(({ tick, at, text }) => (
        <text
          key={tick}
          className={styles.text}
          x={at}
          y={bottom + 13}
          textAnchor={at > width - 20 ? 'end' : at < x.from + 8 ? 'start' : 'middle'}
        >
          {text}
        </text>
      ))}
      <line className={styles.axis} x1={x.from} x2={x.to} y1={bottom} y2={bottom} />
      <svg
        aria-hidden
        x={x.from - 4}
        width={x.to - x.from + 8}
        height={height}
        viewBox={`${x.from - 4} 0 ${x.to - x.from + 8} ${height}`}
      >
        {lines.map((line) => (
          <LineMarks key={line.run.id} line={line} layout={layout} axis={axis} />
        ))}
      </svg>
    </svg>
  );
});

function LineMarks({ line, layout: { x, y }, axis }: { line: ChartLine; layout: ChartLayout; axis: XAxis }) {
  const styles = useStyles2(getStyles);
  const { run, xs, values, smoothed, odd } = line;
  const raw = pathOf(xs, values, [x, y], new Set(odd.at));
  const drawn = smoothed ? pathOf(smoothed.xs, smoothed.values, [x, y]) : raw;
  return (
    <g stroke={run.color} fill="none" data-line={run.id}>
      {smoothed && <path d={raw.d} strokeWidth={1} opacity={0.3} />}
      <path d={drawn.d} strokeWidth={1.6} strokeLinejoin="round" />
      {raw.single.map(([cx, cy]) => (
        <circle key={cx} cx={cx} cy={cy} r={2.5} fill={run.color} stroke="none" />
      ))}
      {odd.at.map((index, i) => {
        const value = values[index] ?? Number.NaN;
        const at = pixelOf(x, xs[index] ?? 0);
        const height = odd.heights[i] ?? 0;
        const name = `${shortNumber(value)} at ${axis === 'step' ? 'step ' : ''}${xText(axis, xs[index] ?? 0)} · ${run.label}`;
        // What has no logarithm stands at the foot of the scale; what is no number, where the line broke.
        const isBelow = Number.isFinite(value) && value <= 0;
        const top =
          y.isLog && (isBelow || height <= 0) ? y.from - 4 : Math.min(y.from, Math.max(y.to, pixelOf(y, height)));
        return (
          <path
            key={index}
            className={isBelow ? styles.below : styles.odd}
            data-odd={String(value)}
            d={isBelow ? `M${at} ${y.from - 4}v4` : `M${at} ${top - 4}l4 7h-8z`}
          >
            <title>{name}</title>
          </path>
        );
      })}
    </g>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  plot: css({ display: 'block', overflow: 'visible' }),
  grid: css({ stroke: palette(theme).border.weak, strokeWidth: 1, shapeRendering: 'crispEdges' }),
  axis: css({ stroke: palette(theme).border.medium, strokeWidth: 1, shapeRendering: 'crispEdges' }),
  text: css({ fill: palette(theme).text.secondary, fontSize: 11, fontVariantNumeric: 'tabular-nums' }),
  odd: css({ fill: palette(theme).error.text, stroke: palette(theme).background.primary, strokeWidth: 0.5 }),
  below: css({ stroke: palette(theme).text.secondary, strokeWidth: 1 }),
});
