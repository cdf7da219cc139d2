import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useSyncExternalStore } from 'react';
import { descending } from '../../shared/descending';
import { palette } from '../../shared/palette';
import { distinctNames } from '../data/distinctNames';
import type { XAxis } from '../data/MetricsView';
import { formatValue } from './formatValue';
import type { Hover } from './Hover';
import type { ChartLayout } from './layoutOf';
import { type ChartLine, nearestIndex } from './linesOf';
import { pixelOf } from './scale';
import { xText } from './xTicks';

/** Runs that the box beside the crosshair names. */
const MOST_NAMED = 9;

interface Props {
  hover: Hover;
  metric: string;
  axis: XAxis;
  lines: readonly ChartLine[];
  layout: ChartLayout;
  width: number;
  height: number;
  unit: string | undefined;
}

/** Returns the point of a line at an x, or nearest to it; undefined where the line is somewhere else at that x. */
export function pointAt({ xs, values, steps }: ChartLine, x: number) {
  const index = nearestIndex(xs, x);
  const [first = 0, last = 0] = [xs[0], xs.at(-1)];
  const isBeside = x < first - (last - first) * 0.02 || x > last + (last - first) * 0.02;
  return index < 0 || isBeside
    ? undefined
    : { x: xs[index] ?? 0, value: values[index] ?? Number.NaN, step: steps[index] ?? null };
}

/** The crosshair of all charts as this one has it: a line, a dot on each curve, and who it is on the chart pointed at. */
export function Crosshair({ hover, metric, axis, lines, layout: { x, y }, width, height, unit }: Props) {
  const styles = useStyles2(getStyles);
  const now = useSyncExternalStore(hover.subscribe, hover.get);
  if (!now || now.axis !== axis || now.x < x.min || now.x > x.max) {
    return null;
  }
  const at = pixelOf(x, now.x);
  const found = lines.flatMap((line) => {
    const point = pointAt(line, now.x);
    return point ? [{ run: line.run, ...point }] : [];
  });
  const named = [...found].sort((a, b) => descending(a.value, b.value));
  const isHere = now.metric === metric;
  const names = isHere ? distinctNames(named.map(({ run }) => run.label)) : [];
  return (
    <>
      <svg className={styles.over} width={width} height={height} aria-hidden>
        <line className={styles.line} x1={at} x2={at} y1={y.to} y2={y.from} />
        {found.map(({ run, x: px, value }) =>
          Number.isFinite(value) && !(y.isLog && value <= 0) ? (
            <circle
              key={run.id}
              cx={pixelOf(x, px)}
              cy={pixelOf(y, value)}
              r={3.5}
              fill={run.color}
              className={styles.dot}
            />
          ) : null,
        )}
      </svg>
      <span className={styles.place} style={{ left: Math.min(Math.max(at, 24), width - 24), top: y.from + 2 }}>
        {xText(axis, now.x)}
      </span>
      {isHere && lines.length > 2 && (
        <ul className={styles.box} style={at > width / 2 ? { right: width - at + 10 } : { left: at + 10 }}>
          {named.slice(0, MOST_NAMED).map(({ run, value }, i) => (
            <li key={run.id}>
              <i style={{ background: run.color }} />
              <span className={styles.run}>{names[i]}</span>
              <b>{formatValue(value, unit)}</b>
            </li>
          ))}
          {named.length > MOST_NAMED && <li>{named.length - MOST_NAMED} more in this chart alone</li>}
        </ul>
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  over: css({ position: 'absolute', inset: 0, pointerEvents: 'none', overflow: 'visible' }),
  line: css({ stroke: palette(theme).text.secondary, strokeDasharray: '3 3' }),
  dot: css({ stroke: palette(theme).background.primary, strokeWidth: 1.5 }),
  place: css({
    position: 'absolute',
    transform: 'translateX(-50%)',
    padding: '0 4px',
    borderRadius: 2,
    background: palette(theme).text.primary,
    color: palette(theme).background.primary,
    fontSize: 11,
    lineHeight: '15px',
    pointerEvents: 'none',
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
  box: css({
    position: 'absolute',
    zIndex: 3,
    top: 4,
    maxWidth: '60%',
    margin: 0,
    padding: theme.spacing(0.5, 1),
    listStyle: 'none',
    pointerEvents: 'none',
    fontSize: 11,
    lineHeight: '15px',
    background: palette(theme).background.primary,
    border: `1px solid ${palette(theme).border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z2,
    '& li': { display: 'flex', alignItems: 'center', gap: 6, lineHeight: '15px' },
    '& i': { flex: 'none', width: 10, height: 3, borderRadius: 1 },
    '& b': { fontWeight: 500, marginLeft: 'auto', paddingLeft: 8, fontVariantNumeric: 'tabular-nums' },
  }),
  run: css({ minWidth: 0, overflowWrap: 'anywhere' }),
});
