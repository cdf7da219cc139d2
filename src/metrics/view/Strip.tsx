import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../shared/palette';

/** One line above the charts: what failed, or what one should know. */
export function Strip({ text, isQuiet = false }: { text: string; isQuiet?: boolean }) {
  const styles = useStyles2(getStyles);
  return (
    <p className={cx(styles.strip, !isQuiet && styles.fault)} role={isQuiet ? 'note' : 'alert'}>
      {text}
    </p>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  strip: css({
    margin: 0,
    padding: theme.spacing(0.25, 1),
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
  fault: css({ color: palette(theme).text.primary, background: palette(theme).error.transparent }),
});
