import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { palette } from '../../../shared/palette';
import { HEIGHTS } from '../../table/panelLayout';

/** Space between a cell's edge and its text, in pixels. */
export const SIDE = 8;

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
      // The rows are as faint as their texts stay readable.
      opacity: 0.8,
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
    // It lies above the head of the columns that scroll away under it.
    pinnedHead: css({ zIndex: 3, boxShadow: `1px 0 0 ${palette(theme).border.weak}` }),
    headCell: css({ display: 'flex', alignItems: 'center', height: columnHeader - 1 }),
    headMenu: css({
      display: 'flex',
      flexShrink: 0,
      // It takes no room from a narrow header until somebody comes near.
      position: 'absolute',
      right: 2,
      opacity: 0,
      background: palette(theme).background.primary,
      'th:hover > div > &, th:focus-within > div > &': { opacity: 1 },
      '@media (hover: none)': { opacity: 1 },
    }),
    order: css({ bottom: 0, color: palette(theme).text.secondary }),
    resizer: css({
      position: 'absolute',
      top: 0,
      right: -3,
      zIndex: 2,
      width: 7,
      height: '100%',
      cursor: 'col-resize',
      touchAction: 'none',
      '&:hover, &:active': {
        background: `linear-gradient(${theme.colors.primary.border}, ${theme.colors.primary.border}) center / 2px 100% no-repeat`,
      },
    }),
    sort: css({
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(0.25),
      flex: 1,
      minWidth: 0,
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
      // Pinned cells take it on, so that what scrolls away under them does not show through.
      backgroundColor: palette(theme).background.primary,
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
    pinned: css({
      position: 'sticky',
      zIndex: 1,
      background: 'inherit',
      boxShadow: `1px 0 0 ${palette(theme).border.weak}`,
    }),
    flags: css({
      display: lines > 1 ? 'block' : 'inline',
      marginLeft: lines > 1 ? 0 : 2,
      whiteSpace: 'nowrap',
      '& > span': { padding: '0 1px', cursor: 'help' },
      // The sign is drawn, not written: what is copied from a row is its number.
      '& > span::before': { content: 'attr(data-flag)' },
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
    // It was cut to fill its lines.
    short: css({ wordBreak: 'break-all' }),
    hits: css({
      '& mark': {
        padding: 0,
        borderRadius: 2,
        color: theme.isDark ? '#111217' : '#1f2023',
        background: theme.isDark ? '#f7d358' : '#ffe680',
      },
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
