import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../../shared/palette';
import type { ColorScale } from '../../color/ColorScale';
import type { Strength } from '../../color/divergingColor';
import { formatNumber } from '../../text/formatNumber';

const SAMPLES = 12;
const MOST_ENTRIES = 6;

interface Props {
  scale: ColorScale;
  /** The opaque colour that a strength comes out as. */
  solid: (color: Strength | undefined) => string;
}

/** Shows what the colours of the rows mean, small. */
export function ColorLegend({ scale, solid }: Props) {
  const styles = useStyles2(getStyles);
  const { marks, entries, column } = scale;
  if (marks) {
    const texts = marks.map(formatNumber);
    return (
      <div className={styles.legend} role="img" aria-label={`Colors of ${column} at ${texts.join(', ')}`}>
        {marks.map((mark, i) => (
          <React.Fragment key={mark}>
            {i > 0 && (
              <span className={styles.bar} style={{ background: gradient(scale, marks[i - 1] ?? mark, mark, solid) }} />
            )}
            <span>{texts[i]}</span>
          </React.Fragment>
        ))}
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

function gradient({ colorOf }: ColorScale, from: number, to: number, solid: Props['solid']): string {
  // The ends are left out: a scale may turn there.
  const stops = Array.from({ length: SAMPLES }, (_, i) => solid(colorOf(from + ((to - from) * (i + 0.5)) / SAMPLES)));
  return `linear-gradient(to right, ${stops.join(', ')})`;
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
  bar: css({ width: 40, height: 8, borderRadius: theme.shape.radius.default }),
  swatch: css({ width: 8, height: 8, borderRadius: theme.shape.radius.default, marginLeft: theme.spacing(0.5) }),
});
