import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Tooltip, useStyles2 } from '@grafana/ui';
import { LENS_TEXTS } from '@rolloscope/contract/lenses';
import type { Lens, LensCount } from '@rolloscope/contract/types';
import React, { type KeyboardEvent } from 'react';
import { palette } from '../../../shared/palette';
import { smallButton, smallButtonOn } from '../../color/smallButton';
import { formatCount } from '../../text/formatCount';

interface Props {
  /** Rows that each lens would leave; undefined while they are counted for the first time. */
  counts: readonly LensCount[] | undefined;
  /** The column that scores are read from, where none is a reward. */
  scoredBy?: string | undefined;
  lens: Lens | undefined;
  onLens: (lens: Lens | undefined) => void;
}

/** Ways to the rows worth reading, one click each, with how many there are. Arrow keys go from one to the next. */
export function LensBar({ counts, scoredBy, lens, onLens }: Props) {
  const styles = useStyles2(getStyles);
  const here = counts?.filter(({ needs }) => needs === undefined) ?? [];
  const missing = counts?.filter(({ needs }) => needs !== undefined) ?? [];
  const reached = here.some((one) => one.lens === lens) ? lens : here[0]?.lens;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Lenses" onKeyDown={moveFocus}>
      {here.map(({ lens: name, rows = 0 }) => (
        <Tooltip key={name} content={meaning(name, scoredBy)} placement="bottom">
          <button
            type="button"
            className={cx(styles.lens, name === lens && styles.isOn)}
            aria-pressed={name === lens}
            disabled={rows === 0 && name !== lens}
            tabIndex={name === reached ? 0 : -1}
            onClick={() => onLens(name === lens ? undefined : name)}
          >
            {LENS_TEXTS[name].label} <span className={styles.count}>{formatCount(rows)}</span>
          </button>
        </Tooltip>
      ))}
      {missing.length > 0 && (
        <Tooltip
          placement="bottom"
          content={
            <div>
              {missing.map(({ lens: name, needs }) => (
                <div key={name}>
                  {LENS_TEXTS[name].label}: needs {needs}
                </div>
              ))}
            </div>
          }
        >
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip is to be read by keyboard, too */}
          <span className={styles.more} role="note" tabIndex={0} aria-label="Lenses that this table does not have">
            <Icon name="info-circle" size="sm" />
          </span>
        </Tooltip>
      )}
    </div>
  );
}

/** Lenses that are about rewards: which column counts as one is said. */
const OF_REWARDS: ReadonlySet<Lens> = new Set(['newest', 'worst', 'best', 'spread']);

const meaning = (lens: Lens, scoredBy: string | undefined) =>
  scoredBy !== undefined && OF_REWARDS.has(lens)
    ? `${LENS_TEXTS[lens].means} Rewards are read from “${scoredBy}”, since no column has the role reward.`
    : LENS_TEXTS[lens].means;

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by !== 0) {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    flex: 1,
    minWidth: 0,
    height: '100%',
    padding: 2,
    overflowX: 'auto',
    scrollbarWidth: 'none',
    // There is more to the right: the last one fades instead of ending.
    maskImage: 'linear-gradient(to right, black calc(100% - 24px), transparent)',
  }),
  lens: css({
    ...smallButton(theme),
    flexShrink: 0,
    height: 22,
    padding: theme.spacing(0, 0.75),
    lineHeight: '20px',
    whiteSpace: 'nowrap',
    '&:disabled': { color: palette(theme).text.secondary, cursor: 'default' },
  }),
  isOn: css(smallButtonOn(theme)),
  count: css({ color: palette(theme).text.secondary, fontVariantNumeric: 'tabular-nums' }),
  more: css({ display: 'flex', flexShrink: 0, color: palette(theme).text.secondary }),
});
