import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, type IconName, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { palette } from './palette';

interface Props {
  icon: IconName;
  title: string;
  children?: ReactNode;
}

/** Stands where a table or a chart would: what is so, and what to do. */
export function Message({ icon, title, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.message} role="status">
      <Icon name={icon} size="xl" />
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  message: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'safe center',
    gap: theme.spacing(0.5),
    height: '100%',
    // In a tall panel it is seen without scrolling down to the middle.
    maxHeight: 280,
    padding: theme.spacing(1, 2),
    overflow: 'auto',
    textAlign: 'center',
    overflowWrap: 'anywhere',
    color: palette(theme).text.secondary,
    '& p': { margin: 0, maxWidth: 560 },
  }),
  title: css({ color: palette(theme).text.primary, fontWeight: theme.typography.fontWeightMedium }),
});
