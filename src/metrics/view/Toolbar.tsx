import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Input, useStyles2 } from '@grafana/ui';
import React, { type RefObject, useEffect, useState } from 'react';
import { palette } from '../../shared/palette';
import { type MetricsView, MOST_SMOOTHING } from '../data/MetricsView';

interface Props {
  view: MetricsView;
  change: (part: Partial<MetricsView>) => void;
  isLog: boolean;
  smoothing: number;
  /** A text such as `12 of 134 metrics`. */
  count: string;
  /** Closes every section, or opens them; undefined where there is nothing to close. */
  sections: { areClosed: boolean; onToggle: () => void } | undefined;
  isUntitled: boolean;
  searchBox: RefObject<HTMLInputElement | null>;
}

/** The settings that hold for all charts at once. */
export function Toolbar({ view, change, isLog, smoothing, count, sections, isUntitled, searchBox }: Props) {
  const styles = useStyles2(getStyles);
  const [typed, setTyped] = useState(view.search);
  useEffect(() => setTyped(view.search), [view.search]);
  const search = (text: string) => {
    setTyped(text);
    change({ search: text });
  };
  const toggle = (text: string, isOn: boolean, onClick: () => void, title?: string) => (
    <button
      type="button"
      className={cx(styles.button, isOn && styles.isOn)}
      aria-pressed={isOn}
      title={title}
      onClick={onClick}
    >
      {text}
    </button>
  );
  return (
    <div className={cx(styles.bar, isUntitled && styles.untitled)} role="toolbar" aria-label="Charts">
      <search className={styles.search}>
        <Input
          ref={searchBox}
          aria-label="Search metrics"
          placeholder="Search metrics ( / )"
          value={typed}
          onChange={(event) => search(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && typed !== '') {
              event.stopPropagation();
              search('');
            }
          }}
          prefix={<Icon name="search" size="sm" />}
        />
      </search>
      <label className={styles.slider}>
        Smoothing
        <input
          type="range"
          min={0}
          max={MOST_SMOOTHING}
          step={0.01}
          value={smoothing}
          onChange={(event) => change({ smoothing: Number(event.currentTarget.value) })}
        />
        <output>{smoothing.toFixed(2)}</output>
      </label>
      {toggle('Log', isLog, () => change({ log: !isLog }), 'Logarithmic scale of all charts')}
      <span className={styles.pair}>
        {toggle('Steps', view.x === 'step', () => change({ x: 'step', range: undefined }))}
        {toggle(
          'Time',
          view.x === 'elapsed',
          () => change({ x: 'elapsed', range: undefined }),
          'Time since the start of each run',
        )}
      </span>
      {view.range && (
        <button type="button" className={styles.button} onClick={() => change({ range: undefined })}>
          <Icon name="search-minus" size="sm" /> Whole range
        </button>
      )}
      {sections && (
        <button type="button" className={styles.button} onClick={sections.onToggle}>
          {sections.areClosed ? 'Open all' : 'Close all'}
        </button>
      )}
      <span className={styles.count} role="status">
        {count}
      </span>
    </div>
  );
}

/** Pixels that the menu of a panel without a title takes, with its handle for dragging. */
const GRAFANA_MENU = 72;

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1),
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  untitled: css({ paddingRight: GRAFANA_MENU }),
  search: css({ flex: '1 1 180px', maxWidth: 320 }),
  slider: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    margin: 0,
    '& input': { width: 110, accentColor: palette(theme).primary.border },
    '& output': { width: 28, fontVariantNumeric: 'tabular-nums' },
  }),
  pair: css({ display: 'inline-flex', gap: 2 }),
  button: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: 4,
    height: 28,
    padding: theme.spacing(0, 1),
    border: `1px solid ${palette(theme).border.medium}`,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: palette(theme).text.primary,
    '&:hover': { background: palette(theme).action.hover },
    '&:focus-visible': { outline: `2px solid ${palette(theme).primary.border}` },
  }),
  isOn: css({ borderColor: palette(theme).primary.border, background: palette(theme).primary.transparent }),
  count: css({ marginLeft: 'auto', color: palette(theme).text.secondary, whiteSpace: 'nowrap' }),
});
