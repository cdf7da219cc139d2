import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, useState } from 'react';
import { palette } from '../../shared/palette';
import type { Paint } from '../color/paint';
import { formatNumber } from '../text/formatNumber';
import type { Sample } from './readSamples';

/** Up to so many marks have room for their rewards. */
const LABELLED = 24;

interface Props {
  samples: readonly Sample[];
  /** Row id of the rollout that is being read. */
  current: string;
  paintOf: (reward: unknown) => Paint | undefined;
  onOpen: (sample: Sample) => void;
}

/** A mark a rollout, the best first, in the colour of its reward. Arrow keys walk along, Enter opens. */
export function RewardStrip({ samples, current, paintOf, onOpen }: Props) {
  const styles = useStyles2(getStyles);
  const [focused, setFocused] = useState<number>();
  const at = samples.findIndex(({ rowId }) => rowId === current);
  const reachable = focused ?? Math.max(0, at);
  const isLabelled = samples.length <= LABELLED;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const to = { ArrowLeft: reachable - 1, ArrowRight: reachable + 1, Home: 0, End: samples.length - 1 }[event.key];
    if (to !== undefined && to >= 0 && to < samples.length) {
      event.preventDefault();
      event.stopPropagation();
      setFocused(to);
      const mark = event.currentTarget.children[to];
      if (mark instanceof HTMLElement) {
        mark.focus();
      }
    }
  };
  return (
    <div className={styles.strip} role="toolbar" aria-label="Rewards, the best first" onKeyDown={onKeyDown}>
      {samples.map((sample, i) => {
        const reward = sample.reward === undefined ? 'no reward' : formatNumber(sample.reward);
        const paint = paintOf(sample.reward);
        const isCurrent = i === at;
        return (
          <button
            key={sample.rowId}
            type="button"
            tabIndex={i === reachable ? 0 : -1}
            aria-current={isCurrent ? 'true' : undefined}
            aria-label={`Rollout ${sample.name}, reward ${reward}${isCurrent ? ', this row' : ''}`}
            title={`Rollout ${sample.name}: reward ${reward}`}
            className={cx(styles.mark, isLabelled ? styles.wide : styles.slim, isCurrent && styles.current)}
            style={paint && { background: paint.background, color: paint.text }}
            onClick={() => onOpen(sample)}
            onFocus={() => setFocused(i)}
          >
            {isLabelled && (sample.reward === undefined ? '–' : reward)}
          </button>
        );
      })}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  strip: css({ display: 'flex', flexWrap: 'wrap', gap: 3, padding: 3 }),
  mark: css({
    height: 26,
    padding: 0,
    border: `1px solid ${palette(theme).border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: palette(theme).background.secondary,
    color: palette(theme).text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2 },
  }),
  wide: css({ flex: '1 1 44px', minWidth: 44, maxWidth: 96 }),
  slim: css({ width: 10 }),
  // A second ring, so that it shows on every colour.
  current: css({
    boxShadow: `0 0 0 1px ${palette(theme).background.primary}, 0 0 0 3px ${palette(theme).text.primary}`,
    fontWeight: theme.typography.fontWeightBold,
  }),
});
