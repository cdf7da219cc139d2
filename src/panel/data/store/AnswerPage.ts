import type { RowsAnswer } from '@rolloscope/contract/types';
import type { Page } from '../TableData';

const NON_FINITE = new Map<unknown, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** A page as the store answered it. Numbers that JSON cannot write are numbers again. */
export class AnswerPage implements Page {
  readonly count: number;
  readonly total: number;
  private readonly at: Map<string, number>;
  private readonly cut: Map<number, number>;

  constructor(
    private readonly answer: RowsAnswer,
    readonly offset: number,
  ) {
    this.count = answer.rows.length;
    this.total = answer.total;
    this.at = new Map(answer.columns.map(({ name }, i) => [name, i]));
    this.cut = new Map(answer.cut.map(([row, column, length]) => [row * answer.columns.length + column, length]));
  }

  rowId(row: number): string {
    return this.answer.rowIds[row] ?? '';
  }

  cell(row: number, column: string): unknown {
    const at = this.at.get(column);
    const value = at === undefined ? undefined : this.answer.rows[row]?.[at];
    const isNumber = at !== undefined && this.answer.columns[at]?.type === 'number';
    return (isNumber ? NON_FINITE.get(value) : undefined) ?? value ?? null;
  }

  groupSpread(row: number): number | null | undefined {
    return this.answer.groupSpread?.[row];
  }

  fullLength(row: number, column: string): number | undefined {
    const at = this.at.get(column);
    return at === undefined ? undefined : this.cut.get(row * this.answer.columns.length + at);
  }
}
