import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../../shared/palette';
import { formatNumber } from '../../text/formatNumber';
import { SHADES, type TokenScale } from './tokenScale';

interface Props {
  name: string | undefined;
  scale: TokenScale | undefined;
  /** The mask, with the number of tokens that it leaves out; undefined where there is none. */
  masked: { name: string; count: number } | undefined;
}

/** Says what shades and dotted lines mean, in words and numbers. */
export function TokenLegend({ name, scale, masked }: Props) {
  const styles = useStyles2(getStyles);
  const sides = scale && scale.reach > 0 ? [scale.hasBelow && -1, scale.hasAbove && 1] : [];
  return (
    <div className={styles.legend}>
      {name !== undefined && scale && scale.reach === 0 && <span>{`every ${name} is the same: no shades`}</span>}
      {scale &&
        sides.map(
          (side) =>
            side && (
              <span key={side} className={styles.side}>
                {formatNumber(scale.middle)}
                {Array.from({ length: SHADES }, (_, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: shades never move
                  <span key={i} className={styles.swatch} data-shade={side * (i + 1)} />
                ))}
                {`${formatNumber(scale.middle + side * scale.reach)} and ${side < 0 ? 'below' : 'above'}`}
              </span>
            ),
        )}
      {masked && (
        <span>
          <span data-masked="">dotted</span>
          {` ${masked.name} 0, not in the loss (${masked.count.toLocaleString('en')})`}
        </span>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 2),
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
  side: css({ display: 'inline-flex', alignItems: 'center', gap: 2 }),
  swatch: css({ display: 'inline-block', width: 14, height: 12, borderRadius: 2 }),
});
