import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Portal, useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { palette } from '../../shared/palette';
import { fitWidth, savedWidth, saveWidth } from './paneWidth';

/** The part that React's keyboard events and the browser's have in common. */
export type KeyPress = Pick<
  globalThis.KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target' | 'preventDefault' | 'stopPropagation'
>;

interface Props {
  label: string;
  isFull: boolean;
  /** True while a dialog is before it, so that it hides: Grafana draws what is beside its page above all dialogs. */
  isBehind: boolean;
  onKeyDown: (event: KeyPress) => void;
  children: ReactNode;
}

/** Pixels that an arrow key moves the edge. */
const NUDGE = 40;

/**
 * The reader's place: beside the page, at its right, over the whole height. It is no modal dialog: the table stays
 * usable, so that a click on another row shows that one. Its edge can be dragged, and moved by arrow keys.
 */
export function ReaderPane({ label, isFull, isBehind, onKeyDown, children }: Props) {
  const styles = useStyles2(getStyles);
  const [pageWidth, setPageWidth] = useState(window.innerWidth);
  const [wanted, setWanted] = useState(() => savedWidth(window.innerWidth));
  const width = fitWidth(wanted, pageWidth);
  useEffect(() => {
    const onResize = () => setPageWidth(window.innerWidth);
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  }, []);

  const latest = useRef(onKeyDown);
  latest.current = isBehind ? () => undefined : onKeyDown;
  useEffect(() => {
    // What had the focus may be gone, such as a button that was used up: then the page has it, and the keys stay ours.
    const onPageKey = (event: globalThis.KeyboardEvent) => {
      if (event.target === document.body) {
        latest.current(event);
      }
    };
    window.addEventListener('keydown', onPageKey, true);
    return () => window.removeEventListener('keydown', onPageKey, true);
  }, []);

  const resize = (to: number) => {
    const fitted = fitWidth(to, window.innerWidth);
    setWanted(fitted);
    saveWidth(fitted);
  };
  const onDrag = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      resize(window.innerWidth - event.clientX);
    }
  };
  const onEdgeKey = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? NUDGE : event.key === 'ArrowRight' ? -NUDGE : 0;
    if (by !== 0) {
      event.preventDefault();
      resize(width + by);
    }
  };
  return (
    <Portal>
      <div
        role="dialog"
        aria-label={label}
        className={cx(styles.pane, isFull && styles.full, isBehind && styles.behind)}
        style={isFull ? undefined : { width }}
        onKeyDown={onKeyDown}
      >
        {!isFull && (
          // biome-ignore lint/a11y/useSemanticElements: a rule cannot be dragged
          <div
            role="separator"
            tabIndex={0}
            aria-label="Width of the reader"
            aria-orientation="vertical"
            aria-valuenow={width}
            aria-valuemin={fitWidth(0, pageWidth)}
            aria-valuemax={fitWidth(pageWidth, pageWidth)}
            className={styles.edge}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={onDrag}
            onKeyDown={onEdgeKey}
          />
        )}
        {children}
      </div>
    </Portal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  pane: css({
    position: 'fixed',
    top: 0,
    right: 0,
    bottom: 0,
    zIndex: theme.zIndex.sidemenu,
    display: 'flex',
    flexDirection: 'column',
    maxWidth: '100vw',
    color: palette(theme).text.primary,
    background: palette(theme).background.primary,
    borderLeft: `1px solid ${palette(theme).border.weak}`,
    boxShadow: theme.shadows.z3,
    outline: 'none',
  }),
  full: css({ left: 0, borderLeft: 0 }),
  // Its place in the text stays.
  behind: css({ visibility: 'hidden' }),
  edge: css({
    position: 'absolute',
    left: -4,
    top: 0,
    bottom: 0,
    width: 8,
    zIndex: 1,
    cursor: 'col-resize',
    touchAction: 'none',
    '&:hover, &:active': { background: theme.colors.primary.transparent },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
});
