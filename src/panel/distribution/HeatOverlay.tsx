import { useTheme2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { palette } from '../../shared/palette';
import { formatNumber } from '../text/formatNumber';
import type { Span } from './axisFilter';
import type { Axis, HeatModel } from './HeatModel';
import { type HeatLayout, roundTicks, type Spot, stepTicks, yOf } from './heatLayout';

/** Ranges of both axes; one that is left out is not narrowed. */
export interface Brush {
  x?: Span | undefined;
  y?: Span | undefined;
}

interface Props {
  model: HeatModel;
  layout: HeatLayout;
  width: number;
  height: number;
  brush: Brush;
  /** The cell that the keyboard or the pointer is on. */
  spot: Spot | undefined;
}

/** Pixels between labels of the axes. */
const SPACE = { x: 56, y: 26 };
/** Labels of the y axis need so much height. */
const LINE = 13;

/** Draws over the cells: axes, the mean and the quantiles by step, and what is chosen. */
export function HeatOverlay({ model, layout, width, height, brush, spot }: Props) {
  const theme = useTheme2();
  const { text, background } = palette(theme);
  const { left, top, cellWidth, cellHeight } = layout;
  const rows = model.y.ranges.length;
  const lines = useMemo(() => statisticLines(model, layout), [model, layout]);
  const box = (x: Span, y: Span) => ({
    x: left + x[0] * cellWidth,
    y: top + layout.height - (y[1] + 1) * cellHeight,
    width: (x[1] - x[0] + 1) * cellWidth,
    height: (y[1] - y[0] + 1) * cellHeight,
  });
  const all = { x: [0, model.x.ranges.length - 1], y: [0, rows - 1] } as const;
  const label = { fill: text.secondary, fontSize: 11, fontFamily: theme.typography.fontFamily };
  const halo = { stroke: background.primary, strokeWidth: 4, strokeLinejoin: 'round', fill: 'none' } as const;
  return (
    <svg
      aria-hidden
      width={width}
      height={height}
      style={{ position: 'absolute', inset: 0, overflow: 'hidden', fontVariantNumeric: 'tabular-nums' }}
    >
      {xTicks(model.x, layout).map(({ value, x }) => (
        <text key={value} x={x} y={top + layout.height + 13} textAnchor="middle" {...label}>
          {formatNumber(value)}
        </text>
      ))}
      {yTicks(model.y, layout).map(({ value, y }) => (
        <text key={value} x={left - 6} y={y} dominantBaseline="central" textAnchor="end" {...label}>
          {formatNumber(value)}
        </text>
      ))}
      {lines.band && <path d={lines.band} fill={text.primary} opacity={0.1} />}
      {lines.median && (
        <path
          d={lines.median}
          fill="none"
          stroke={text.primary}
          strokeWidth={1.25}
          strokeDasharray="2 3"
          opacity={0.9}
        />
      )}
      {lines.mean && <path d={lines.mean} {...halo} />}
      {lines.mean && <path d={lines.mean} fill="none" stroke={text.primary} strokeWidth={1.75} />}
      {(brush.x || brush.y) && (
        <>
          <path
            fillRule="evenodd"
            fill={background.primary}
            opacity={0.4}
            d={`${outline(box(all.x, all.y))}${outline(box(brush.x ?? all.x, brush.y ?? all.y))}`}
          />
          <rect
            {...box(brush.x ?? all.x, brush.y ?? all.y)}
            fill="none"
            stroke={theme.colors.primary.text}
            strokeWidth={2}
          />
        </>
      )}
      {spot && (spot.column !== undefined || spot.row !== undefined) && (
        <rect
          {...box(
            spot.column === undefined ? all.x : [spot.column, spot.column],
            spot.row === undefined ? all.y : [spot.row, spot.row],
          )}
          fill="none"
          stroke={text.primary}
          strokeWidth={1}
        />
      )}
    </svg>
  );
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const outline = ({ x, y, width, height }: Box) => `M${x} ${y}h${width}v${height}h${-width}z`;

function xTicks({ ends, ranges }: Axis, { left, width, cellWidth }: HeatLayout): Array<{ value: number; x: number }> {
  if (ends === 'whole') {
    return stepTicks(ranges, cellWidth, SPACE.x).map(({ index, step }) => ({
      value: step,
      x: left + (index + 0.5) * cellWidth,
    }));
  }
  const [low, high] = [ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0];
  const share = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
  return roundTicks(low, high, width / SPACE.x).map((value) => ({ value, x: left + width * share(value) }));
}

/** Both ends of the axis, and round numbers between them as far as there is room. */
function yTicks({ ranges }: Axis, layout: HeatLayout): Array<{ value: number; y: number }> {
  const [low, high] = [ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0];
  const placed: Array<{ value: number; y: number }> = [];
  for (const value of [low, high, ...roundTicks(low, high, layout.height / SPACE.y)]) {
    const y = yOf(layout, low, high, value);
    if (placed.every((one) => Math.abs(one.y - y) >= LINE)) {
      placed.push({ value, y });
    }
  }
  return placed;
}

function statisticLines(model: HeatModel, layout: HeatLayout): { mean?: string; median?: string; band?: string } {
  const [low, high] = [model.y.ranges[0]?.[0] ?? 0, model.y.ranges.at(-1)?.[1] ?? 0];
  const x = (i: number) => (layout.left + (i + 0.5) * layout.cellWidth).toFixed(1);
  const y = (value: number) => yOf(layout, low, high, value).toFixed(1);
  const known = model.statistics.flatMap(({ mean, quantiles }, i) =>
    mean === undefined || !quantiles ? [] : [{ i, mean, quantiles }],
  );
  if (known.length < 2) {
    return {};
  }
  const path = (points: string[]) => `M${points.join('L')}`;
  const at = (share: number) => known.map(({ i, quantiles }) => `${x(i)} ${y(quantiles[share] ?? 0)}`);
  return {
    mean: path(known.map(({ i, mean }) => `${x(i)} ${y(mean)}`)),
    median: path(at(2)),
    band: `${path([...at(1), ...at(3).reverse()])}z`,
  };
}
