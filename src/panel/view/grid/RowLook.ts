import type { RowPaint } from '../../color/paintRow';
import type { Page } from '../../data/TableData';
import type { CellFormat } from '../../table/formatCell';
import type { RowFlag } from '../../table/rowFlags';
import type { Matcher } from '../../text/compileSearch';

/** The look of all rows: the same object until something in it changes, else every row is drawn anew. */
export interface RowLook {
  /** Lines of text in a row. */
  lines: number;
  format: CellFormat;
  paintOf: (page: Page, row: number) => RowPaint;
  /** The column whose cell is painted; undefined where none is. */
  paintColumn: string | undefined;
  /** Colours of further columns, by name: of reward functions. */
  paintPart: (column: string, value: unknown) => string | undefined;
  flagsOf: (page: Page, row: number) => readonly RowFlag[];
  /** Marks what was searched for. */
  matcher: Matcher | undefined;
}
