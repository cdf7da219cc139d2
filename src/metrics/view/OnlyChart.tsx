import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import type { MetricInfo } from '@rolloscope/contract/types';
import React, { type KeyboardEvent, useEffect, useRef } from 'react';
import { palette } from '../../shared/palette';
import { ChartBody } from './ChartBody';
import type { ChartsModel } from './ChartsModel';
import { moveCrosshair } from './moveCrosshair';
import { RunValues } from './RunValues';
import { useChart } from './useChart';

const [HEAD, ROW] = [40, 25];

interface Props {
  model: ChartsModel;
  metric: MetricInfo;
  width: number;
  height: number;
}

/** One chart alone, with what each run has at the crosshair, and the way to the rollouts of that step. */
export function OnlyChart({ model, metric, width, height }: Props) {
  const styles = useStyles2(getStyles);
  const { hover, onOnly } = model;
  const frame = useRef<HTMLElement>(null);
  useEffect(() => frame.current?.focus({ preventScroll: true }), []);
  const tableHeight = Math.min((model.runs.length + 1) * ROW + 12, height * 0.4);
  const size = { width: width - 16, height: Math.max(140, Math.floor(height - HEAD - tableHeight)) };
  const chart = useChart(model, metric, size.width, size.height, true);
  const onKeyDown = (event: KeyboardEvent) => {
    const { axis, lines } = chart;
    if (event.key === 'Escape') {
      event.stopPropagation();
      onOnly(undefined);
    } else if (
      event.target === event.currentTarget &&
      moveCrosshair(event.key, { hover, axis, lines, metric: metric.name })
    ) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <figure
      ref={frame}
      className={styles.frame}
      data-metric={metric.name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair is moved with the arrows
      tabIndex={0}
      onKeyDown={onKeyDown}
      aria-label={metric.name}
    >
      <figcaption className={styles.head} style={{ height: HEAD }}>
        <Button size="sm" variant="secondary" icon="arrow-left" onClick={() => onOnly(undefined)}>
          All charts
        </Button>
        <span className={styles.title}>{metric.name}</span>
      </figcaption>
      <ChartBody model={model} metric={metric} chart={chart} {...size} />
      <div style={{ height: tableHeight }} className={styles.values}>
        <RunValues model={model} metric={metric} chart={chart} />
      </div>
    </figure>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    height: '100%',
    margin: 0,
    padding: theme.spacing(0, 1),
    overflow: 'hidden auto',
    fontSize: 12,
    '&:focus-visible': { outline: 'none' },
  }),
  head: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
  title: css({
    minWidth: 0,
    overflowWrap: 'anywhere',
    maxHeight: HEAD,
    overflow: 'hidden',
    color: palette(theme).text.primary,
    fontSize: theme.typography.body.fontSize,
    fontWeight: 500,
  }),
  values: css({ overflow: 'auto' }),
});
