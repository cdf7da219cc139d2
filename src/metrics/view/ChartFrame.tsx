import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { MetricInfo } from '@rolloscope/contract/types';
import React, { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react';
import { palette } from '../../shared/palette';
import type { ChartLine } from '../chart/linesOf';
import { ChartBody } from './ChartBody';
import type { ChartsModel } from './ChartsModel';
import { moveCrosshair } from './moveCrosshair';
import { Readout } from './Readout';
import { useChart } from './useChart';

const HEAD = 26;

interface Props {
  model: ChartsModel;
  metric: MetricInfo;
  /** The part of the name that the section does not say already. */
  title: string;
  width: number;
  height: number;
}

/** One chart among the others: its name, what it reads, and its plot once it has come into view. */
export const ChartFrame = memo(function ChartFrame({ model, metric, title, width, height }: Props) {
  const styles = useStyles2(getStyles);
  const { inView, hover, onOnly } = model;
  const frame = useRef<HTMLElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => (frame.current ? inView.watch(frame.current, setSeen) : undefined), [inView]);
  const chart = useChart(model, metric, width, height - HEAD, isSeen);
  const { axis, lines, unit, word } = chart;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) {
      return;
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      onOnly(metric.name);
    } else if (moveCrosshair(event.key, { hover, axis, lines, metric: metric.name })) {
      event.preventDefault();
      // Grafana moves its time range with the arrows.
      event.stopPropagation();
    }
  };
  return (
    <figure
      ref={frame}
      className={styles.frame}
      style={{ width, height }}
      data-metric={metric.name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair is moved with the arrows
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => hover.set(undefined)}
      aria-label={metric.name}
    >
      <figcaption className={styles.head}>
        <span className={styles.title} title={metric.name}>
          {title}
          {word && <span className={styles.quiet}> {word}</span>}
        </span>
        {isSeen && (
          <>
            <OddBadge lines={lines} />
            {model.isLog && !chart.isLog && chart.layout && (
              <span className={styles.quiet} title="No value is above 0, so there is no logarithm to show.">
                linear
              </span>
            )}
            <Readout hover={hover} axis={axis} lines={lines} unit={unit} />
            <a
              className={styles.alone}
              href={model.addressOfOnly(metric.name)}
              title="This chart alone (Enter)"
              onClick={(event) => {
                if (!event.metaKey && !event.ctrlKey && !event.shiftKey) {
                  event.preventDefault();
                  event.stopPropagation();
                  onOnly(metric.name);
                }
              }}
            >
              <svg
                width={12}
                height={12}
                viewBox="0 0 12 12"
                fill="none"
                stroke="currentColor"
                strokeWidth={1.5}
                role="img"
                aria-label={`${metric.name} alone`}
              >
                <path d="M7.500 1H11V4.500M11 1L7 5M4.500 11H1V7.500M1 11L5 7" />
              </svg>
            </a>
          </>
        )}
      </figcaption>
      {isSeen && <ChartBody model={model} metric={metric} chart={chart} width={width} height={height - HEAD} />}
    </figure>
  );
});

/** A badge with the number of points that have no place on the scale. */
function OddBadge({ lines }: { lines: readonly ChartLine[] }) {
  const styles = useStyles2(getStyles);
  const values = lines.flatMap(({ odd, values: all }) => odd.at.map((i) => all[i] ?? Number.NaN));
  const below = values.filter((value) => Number.isFinite(value) && value <= 0).length;
  const odd = values.length - below;
  const kinds = [...new Set(values.filter((value) => !Number.isFinite(value)).map(String))];
  return (
    <>
      {odd > 0 && (
        <span
          className={styles.odd}
          title="Points that are not finite, or dwarf all others: marked where the line has none"
        >
          {odd} × {kinds.length === 1 ? kinds[0] : kinds.length === 0 ? 'off the chart' : 'not finite'}
        </span>
      )}
      {below > 0 && (
        <span className={styles.quiet} title="They have no logarithm, and are marked at the foot of the chart.">
          {below} ≤ 0
        </span>
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    position: 'relative',
    margin: 0,
    border: `1px solid ${palette(theme).border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: palette(theme).background.primary,
    fontSize: 12,
    '&:focus-visible': { outline: `2px solid ${palette(theme).primary.border}`, outlineOffset: -1 },
    '&:hover, &:focus': { zIndex: 5 },
    '&:hover a, &:focus a, & a:focus-visible': { opacity: 1 },
  }),
  head: css({ display: 'flex', alignItems: 'center', gap: 8, height: HEAD, padding: theme.spacing(0, 1) }),
  title: css({
    flex: 1,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontWeight: theme.typography.fontWeightMedium,
  }),
  quiet: css({ flex: 'none', color: palette(theme).text.secondary, fontWeight: 400 }),
  odd: css({ flex: 'none', color: palette(theme).error.text, fontWeight: 500 }),
  alone: css({
    flex: 'none',
    display: 'inline-flex',
    padding: 2,
    color: palette(theme).text.secondary,
    opacity: 0.5,
    '&:hover': { color: palette(theme).text.primary },
    '@media (hover: none)': { opacity: 1 },
  }),
});
