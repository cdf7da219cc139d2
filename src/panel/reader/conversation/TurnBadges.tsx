import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../../shared/palette';

/** What was logged of a turn beside what was said. */
export interface TurnBadge {
  /** How long it took. */
  time?: string;
  /** The version of the policy that made it. */
  policy?: number;
  /** The version before, where it is another one. */
  policyBefore?: number;
}

/** How long a turn took and which policy made it; a change of the policy is marked. */
export function TurnBadges({ badge: { time, policy, policyBefore } }: { badge: TurnBadge }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.badges}>
      {time !== undefined && <span className={styles.badge}>{time}</span>}
      {policy !== undefined && (
        <span className={cx(styles.badge, policyBefore !== undefined && styles.changed)}>
          {policyBefore !== undefined && <Icon name="exchange-alt" size="sm" />}
          {` policy ${policy}${policyBefore === undefined ? '' : `, before ${policyBefore}`}`}
        </span>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  badges: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5) }),
  badge: css({
    padding: theme.spacing(0, 0.75),
    border: `1px solid ${palette(theme).border.weak}`,
    borderRadius: theme.shape.radius.default,
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
  changed: css({ color: palette(theme).warning.text, borderColor: palette(theme).warning.border }),
});
