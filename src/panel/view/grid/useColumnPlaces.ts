import type { OrderBy } from '@rolloscope/contract/types';
import { useMemo } from 'react';
import type { ColumnChoice } from '../../table/columns';
import { columnWidths, indexWidth, pinnedLefts } from '../../table/columnWidths';

/** The columns of a grid, and what their widths follow from. */
export interface GridColumns {
  choice: ColumnChoice;
  orderBy: OrderBy;
  /** Characters of the longest cell in each column. */
  characters: Readonly<Record<string, number>>;
  /** Widths, in pixels, of columns that someone has resized. */
  resized: Readonly<Record<string, number>>;
}

/** The places of a grid's columns, in pixels. */
export interface ColumnPlaces {
  /** Width of the column of row numbers. */
  first: number;
  widths: readonly number[];
  /** Distance of each pinned column from the left edge; undefined for the others. */
  lefts: readonly (number | undefined)[];
  isIndexPinned: boolean;
}

/** Places for the columns of a grid of `width` pixels whose highest row number is `last`. */
export function useColumnPlaces(columns: GridColumns, width: number, last: number, hasTicks: boolean): ColumnPlaces {
  const { choice, orderBy, characters, resized } = columns;
  return useMemo(() => {
    const { shown, pinned } = choice;
    const first = indexWidth(last, hasTicks);
    const numbered = orderBy.length > 1 ? orderBy.map(({ column }) => column) : [];
    const widths = columnWidths(shown, width - first, resized, numbered, characters);
    return { first, widths, lefts: pinnedLefts(shown, widths, pinned, first), isIndexPinned: pinned.length > 0 };
  }, [choice, orderBy, characters, resized, width, last, hasTicks]);
}
