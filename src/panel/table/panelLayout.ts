/** Heights in pixels. They are fixed, so that what fits is known before anything is drawn and nothing jumps. */
export const HEIGHTS = {
  header: 32,
  columnHeader: 30,
  toolbar: 36,
  strip: 32,
  footerLine: 36,
  textLine: 18,
  rowPadding: 11,
} as const;

const NARROW = 520;
const SCROLLBAR = 14;

export interface PanelLayout {
  /** The controls below the table need two lines. */
  isNarrow: boolean;
  rowHeight: number;
  /** Column headers and rows. */
  bodyHeight: number;
  /** The height that is left for rows. */
  rowsHeight: number;
}

/** Divides a panel of `width` × `height`. `above` is what stands between header and table. All are in pixels. */
export function panelLayout(
  width: number,
  height: number,
  lines: number,
  above: number,
  scrollsSideways: boolean,
): PanelLayout {
  const isNarrow = width < NARROW;
  const footer = HEIGHTS.footerLine * (isNarrow ? 2 : 1);
  const bodyHeight = Math.max(0, height - HEIGHTS.header - above - footer);
  return {
    isNarrow,
    rowHeight: lines * HEIGHTS.textLine + HEIGHTS.rowPadding,
    bodyHeight,
    rowsHeight: Math.max(0, bodyHeight - HEIGHTS.columnHeader - (scrollsSideways ? SCROLLBAR : 0)),
  };
}
