import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useSyncExternalStore } from 'react';
import { palette } from '../../shared/palette';
import { pointAt } from '../chart/Crosshair';
import { formatValue } from '../chart/formatValue';
import type { Hover } from '../chart/Hover';
import type { ChartLine } from '../chart/linesOf';
import type { XAxis } from '../data/MetricsView';

/** Lines whose values have room in a chart's head. */
const MOST_READ = 2;

interface Props {
  hover: Hover;
  axis: XAxis;
  lines: readonly ChartLine[];
  unit: string | undefined;
}

/** The values in the head of a chart: those of its lines at the crosshair, else those that they ended at. */
export function Readout({ hover, axis, lines, unit }: Props) {
  const styles = useStyles2(getStyles);
  const now = useSyncExternalStore(hover.subscribe, hover.get);
  if (lines.length > MOST_READ) {
    return <span className={styles.quiet}>{lines.length} runs</span>;
  }
  return (
    <span className={now ? styles.now : styles.quiet}>
      {lines.map((line) => {
        const point = now?.axis === axis ? pointAt(line, now.x) : undefined;
        const value = now ? point?.value : line.values.at(-1);
        return (
          <span key={line.run.id} className={styles.value} title={line.run.label}>
            {lines.length > 1 && <i style={{ background: line.run.color }} />}
            {value === undefined ? '–' : formatValue(value, unit)}
          </span>
        );
      })}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ flex: 'none', display: 'flex', gap: 8, color: palette(theme).text.secondary }),
  now: css({ flex: 'none', display: 'flex', gap: 8, color: palette(theme).text.primary }),
  value: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: 4,
    fontVariantNumeric: 'tabular-nums',
    '& i': { width: 8, height: 3, borderRadius: 1 },
  }),
});
