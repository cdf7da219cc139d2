import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../shared/palette';
import { HEIGHTS } from '../table/panelLayout';

/** One line above a table that still shows its last rows: what failed, and why. */
export function FaultStrip({ text, onRetry }: { text: string; onRetry?: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.strip} role="alert">
      <Icon name="exclamation-triangle" size="sm" />
      <span className={styles.text} title={text}>
        {text}
      </span>
      {onRetry && (
        <Button size="sm" variant="secondary" fill="text" onClick={onRetry}>
          Retry
        </Button>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  strip: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    height: HEIGHTS.strip,
    flexShrink: 0,
    padding: theme.spacing(0, 1),
    color: palette(theme).text.primary,
    background: theme.colors.error.transparent,
    fontSize: theme.typography.bodySmall.fontSize,
    '& > svg': { color: theme.colors.error.text },
  }),
  text: css({ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
});
