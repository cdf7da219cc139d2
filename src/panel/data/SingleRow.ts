import type { Page, WholeRow } from './TableData';

/** A page of one row that was found by its id: its place among the others may be another by now. */
export class SingleRow implements Page {
  readonly count = 1;

  constructor(
    private readonly id: string,
    private readonly cells: WholeRow,
    readonly offset: number,
    readonly total: number,
  ) {}

  rowId(): string {
    return this.id;
  }

  cell(_row: number, column: string): unknown {
    return this.cells.get(column) ?? null;
  }

  fullLength(): undefined {
    return undefined;
  }
}
