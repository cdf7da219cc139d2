import type { DataFrame, Field } from '@grafana/data';
import { ROW_ID_FIELD, type RowsFrameMeta } from '@rolloscope/contract/frames';
import type { Page } from '../TableData';
import { fingerprint } from './fingerprint';

/** Full lengths in characters, by row id and column. */
export type CutCells = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function cutCells(cut: RowsFrameMeta['cut']): CutCells {
  const cells = new Map<string, Map<string, number>>();
  for (const [rowId, column, length] of cut) {
    const row = cells.get(rowId) ?? new Map<string, number>();
    cells.set(rowId, row.set(column, length));
  }
  return cells;
}

interface FrameWindow {
  /** The frame's row at each place, over the whole table; left out where rows stand as they came. */
  rows?: Uint32Array;
  /** Table row of the frame's first row. */
  base?: number;
  /** Rows over all pages; left out where they are those of `rows`, or of the frame. */
  total?: number;
  /** Full lengths of the cells that the frame holds only the beginning of. */
  cut?: CutCells;
  /** Spread of the group of a row of the frame. */
  spread?: (row: number) => number | null;
}

/** A window on a frame: cells are read from its fields, nothing is copied. */
export class FramePage implements Page {
  readonly total: number;
  private readonly fields: Map<string, Field>;

  constructor(
    private readonly frame: DataFrame,
    readonly offset: number,
    readonly count: number,
    private readonly window: FrameWindow = {},
  ) {
    this.total = window.total ?? window.rows?.length ?? frame.length;
    this.fields = new Map(frame.fields.map((field) => [field.name, field]));
  }

  rowId(row: number): string {
    const ids = this.fields.get(ROW_ID_FIELD)?.values;
    const at = this.frameRow(row);
    return ids ? String(ids[at]) : fingerprint(this.frame.fields.map(({ values }) => values[at]));
  }

  cell(row: number, column: string): unknown {
    return this.fields.get(column)?.values[this.frameRow(row)] ?? null;
  }

  fullLength(row: number, column: string): number | undefined {
    const { cut } = this.window;
    return cut && cut.size > 0 ? cut.get(this.rowId(row))?.get(column) : undefined;
  }

  groupSpread(row: number): number | null | undefined {
    return this.window.spread?.(this.frameRow(row));
  }

  private frameRow(row: number): number {
    const at = this.offset + row - (this.window.base ?? 0);
    return this.window.rows?.[at] ?? at;
  }
}
