import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../../shared/palette';

/** A turn's badge: what was logged of it beside what was said. */
export interface TurnBadge {
  /** The time that it took, as a text. */
  time?: string;
  /** The version of the policy that made it. */
  policy?: number;
  /** The version before, where it is another one. */
  policyBefore?: number;
}

export const badgeNotes = (badge: TurnBadge | undefined): string[] => [
  ...(badge?.time === undefined ? [] : [badge.time]),
  ...(badge?.policy === undefined ? [] : [`policy ${badge.policy}`]),
];

/** From here on another policy speaks. */
export function PolicyChange({ badge: { policy, policyBefore } }: { badge: TurnBadge }) {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.changed}>
      <Icon name="exchange-alt" size="sm" /> {`policy ${policy}, before ${policyBefore}`}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  changed: css({
    padding: theme.spacing(0, 0.75),
    border: `1px solid ${palette(theme).warning.border}`,
    borderRadius: theme.shape.radius.default,
    color: palette(theme).warning.text,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
});
