import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { FrameRun } from '@rolloscope/contract/frames';
import React from 'react';
import { palette } from '../../shared/palette';

/** The runs whose lines the charts draw: one legend for all of them. */
export function RunsLegend({ runs, maxHeight }: { runs: readonly FrameRun[]; maxHeight: number }) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.list} style={{ maxHeight }} aria-label="Runs">
      {runs.map(({ id, label, color, state }) => (
        <li key={id} title={`${label} (${state})`}>
          <i style={{ background: color }} />
          <span>{label}</span>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    display: 'flex',
    flexWrap: 'wrap',
    flex: 'none',
    gap: theme.spacing(0.25, 1.5),
    margin: 0,
    padding: theme.spacing(0, 1, 0.5),
    overflowY: 'auto',
    listStyle: 'none',
    color: palette(theme).text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    '& li': { display: 'flex', alignItems: 'center', gap: 6, maxWidth: '100%' },
    '& i': { flex: 'none', width: 14, height: 3, borderRadius: 1 },
    // Names that are alike differ in the middle or at the end.
    '& span': { minWidth: 0, overflowWrap: 'anywhere' },
  }),
});
