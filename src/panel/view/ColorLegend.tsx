import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { ColorScale } from '../color/ColorScale';
import type { Strength } from '../color/divergingColor';
import { formatNumber } from '../text/formatNumber';
import { palette } from './palette';

const SAMPLES = 24;
const MOST_ENTRIES = 6;

interface Props {
  scale: ColorScale;
  /** The opaque colour that a strength comes out as. */
  solid: (color: Strength | undefined) => string;
}

/** What the colours of the rows mean, small. */
export function ColorLegend({ scale, solid }: Props) {
  const styles = useStyles2(getStyles);
  const { range, entries, column } = scale;
  if (range) {
    const stops = Array.from({ length: SAMPLES + 1 }, (_, i) => {
      const value = range.min + ((range.max - range.min) * i) / SAMPLES;
      return `${solid(scale.colorOf(value))} ${((i / SAMPLES) * 100).toFixed(1)}%`;
    });
    const [low, high] = [range.min, range.max].map(formatNumber);
    return (
      <div className={styles.legend} role="img" aria-label={`Colors of ${column}: from ${low} to ${high}`}>
        <span>{low}</span>
        <span className={styles.bar} style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
        <span>{high}</span>
      </div>
    );
  }
  if (entries.length === 0) {
    return null;
  }
  const shown = entries.slice(0, MOST_ENTRIES);
  const label = `Colors of ${column}: ${shown.map((entry) => entry.label).join(', ')}`;
  return (
    <div className={styles.legend} role="img" aria-label={label}>
      {shown.map((entry) => (
        <React.Fragment key={entry.label}>
          <span className={styles.swatch} style={{ background: solid(entry.color) }} />
          <span>{entry.label}</span>
        </React.Fragment>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    flexShrink: 0,
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
  bar: css({ width: 72, height: 8, borderRadius: theme.shape.radius.default }),
  swatch: css({ width: 8, height: 8, borderRadius: theme.shape.radius.default, marginLeft: theme.spacing(0.5) }),
});
