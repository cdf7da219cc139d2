import type { DataFrame, Field } from '@grafana/data';
import { ROW_ID_FIELD } from '@rolloscope/contract/frames';
import { fingerprint } from './fingerprint';
import type { Page } from './TableData';

/** A window on a frame: cells are read from its fields, nothing is copied. */
export class FramePage implements Page {
  private readonly fields: Map<string, Field>;

  /**
   * @param rows which row of the frame stands where, over the whole table; left out where they stand as they came
   * @param base table row of the frame's first row
   * @param total rows over all pages; left out where they are those of `rows`, or of the frame
   * @param cut full lengths of cells, by `row * fields + field` of the frame
   */
  constructor(
    private readonly frame: DataFrame,
    readonly offset: number,
    readonly count: number,
    private readonly rows?: Uint32Array,
    private readonly base = 0,
    readonly total = rows?.length ?? frame.length,
    private readonly cut?: ReadonlyMap<number, number>,
  ) {
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
    const field = this.cut ? this.frame.fields.findIndex(({ name }) => name === column) : -1;
    return field < 0 ? undefined : this.cut?.get(this.frameRow(row) * this.frame.fields.length + field);
  }

  private frameRow(row: number): number {
    const at = this.offset + row - this.base;
    return this.rows?.[at] ?? at;
  }
}
