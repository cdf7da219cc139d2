import type { PanelOptions } from '../options';
import type { ColumnChoice } from './columns';
import { columnWidths, indexWidth } from './columnWidths';
import { fittingRows } from './paging';
import { HEIGHTS, type PanelLayout, panelLayout } from './panelLayout';
import { type PanelParts, panelParts } from './panelParts';
import type { ViewState } from './ViewState';

/** The things to find room for. */
interface Needs {
  columns: ColumnChoice;
  /** Characters of the longest cell in each column. */
  characters: Readonly<Record<string, number>>;
  /** Rows of the table, the highest of which stands in the column of numbers. */
  total: number;
  hasTicks: boolean;
  /** Rows that the table gives at once. */
  maxPageRows: number;
}

/** The division of a panel, in pixels, and the number of rows that a page of it has. */
export interface TableRoom {
  parts: PanelParts;
  pageSize: number;
  /** Lays the panel out with the strip that says what went wrong, or without: the strip takes no row off the page. */
  layout: (hasFaults: boolean) => PanelLayout;
}

/** Divides a panel of `width` × `height` pixels between its parts and the rows. */
export function tableRoom(
  { width, height }: { width: number; height: number },
  options: PanelOptions,
  view: ViewState,
  { columns, characters, total, hasTicks, maxPageRows }: Needs,
): TableRoom {
  const parts = panelParts(height, options, view);
  const first = indexWidth(total, hasTicks);
  const widths = columnWidths(columns.shown, width - first, view.widths, [], characters);
  const isWide = widths.reduce((sum, one) => sum + one, first) > width;
  const layout = (hasFaults: boolean) =>
    panelLayout(width, height, options.lines, parts.above + (hasFaults ? HEIGHTS.strip : 0), isWide);
  const { rowsHeight, rowHeight } = layout(false);
  return { parts, pageSize: Math.min(options.pageSize || fittingRows(rowsHeight, rowHeight), maxPageRows), layout };
}
