import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { HEIGHTS } from '../table/panelLayout';
import { palette } from './palette';

/** Space between a cell's edge and its text, in pixels. */
const SIDE = 8;

export function gridStyles(theme: GrafanaTheme2, lines: number) {
  const { textLine, rowPadding, columnHeader } = HEIGHTS;
  const rowHeight = lines * textLine + rowPadding;
  const hover = `linear-gradient(${palette(theme).action.hover}, ${palette(theme).action.hover})`;
  const line = {
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: `${textLine}px`,
    fontVariantNumeric: 'tabular-nums',
  };
  const box = { padding: `${(rowPadding - 1) / 2}px ${SIDE}px`, verticalAlign: 'top' as const };
  return {
    scroller: css({ overflow: 'auto', position: 'relative', overflowAnchor: 'none' }),
    isStale: css({
      opacity: 0.6,
      '@media (prefers-reduced-motion: no-preference)': { transition: 'opacity 150ms 150ms' },
    }),
    table: css({ tableLayout: 'fixed', borderCollapse: 'separate', borderSpacing: 0, width: '100%' }),
    head: css({
      position: 'sticky',
      top: 0,
      zIndex: 1,
      height: columnHeader,
      padding: 0,
      background: palette(theme).background.primary,
      borderBottom: `1px solid ${palette(theme).border.weak}`,
      fontWeight: theme.typography.fontWeightMedium,
    }),
    sort: css({
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(0.25),
      width: '100%',
      height: columnHeader - 1,
      padding: `0 ${SIDE}px`,
      border: 0,
      background: 'transparent',
      color: palette(theme).text.primary,
      ...line,
      fontWeight: theme.typography.fontWeightMedium,
      textAlign: 'left',
      '&:hover': { background: palette(theme).action.hover },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
      '& > span': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
    }),
    row: css({
      height: rowHeight,
      cursor: 'pointer',
      '&:hover': { backgroundImage: hover },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    }),
    openRow: css({ backgroundImage: hover, outline: `1px solid ${theme.colors.primary.border}`, outlineOffset: -1 }),
    marked: css({
      backgroundImage: hover,
      // Its own sign, not a colour alone: a dashed line at the top and the bottom, as a crosshair has.
      '& > *': { borderBottom: `1px dashed ${palette(theme).text.primary}` },
    }),
    index: css({
      ...box,
      ...line,
      height: rowHeight,
      fontWeight: theme.typography.fontWeightRegular,
      color: palette(theme).text.secondary,
      textAlign: 'right',
      borderBottom: `1px solid ${palette(theme).border.weak}`,
    }),
    tick: css({ margin: `0 ${SIDE / 2}px 0 0`, verticalAlign: 'middle', accentColor: theme.colors.primary.main }),
    cell: css({
      ...box,
      height: rowHeight,
      borderBottom: `1px solid ${palette(theme).border.weak}`,
      color: palette(theme).text.primary,
    }),
    text: css({
      ...line,
      display: '-webkit-box',
      WebkitBoxOrient: 'vertical',
      WebkitLineClamp: lines,
      overflow: 'hidden',
      overflowWrap: 'anywhere',
      unicodeBidi: 'isolate',
      maxHeight: lines * textLine,
    }),
    number: css({ ...line, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
    empty: css({
      padding: theme.spacing(2),
      color: palette(theme).text.secondary,
      textAlign: 'center',
      maxWidth: 560,
      margin: '0 auto',
    }),
  };
}

export type GridStyles = ReturnType<typeof gridStyles>;
