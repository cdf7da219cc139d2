/** Columns of equal length, as an answer of ClickHouse has them. */
export class Columns {
  constructor(private readonly columns: readonly unknown[][]) {}

  get count(): number {
    return this.columns[0]?.length ?? 0;
  }

  /** Values as they came: text, whole numbers, booleans, lists. */
  at<T>(column: number): T[] {
    return (this.columns[column] ?? []) as T[];
  }

  /** Reads a column of numbers: those that are not finite come as words. */
  numbers<T extends number | null = number>(column: number): T[] {
    return this.at<unknown>(column).map((value) => numberOf(value) as T);
  }

  first<T>(column: number): T | undefined {
    return this.at<T>(column)[0];
  }
}

/** A number as it came: JSON has no words for those that are not finite. */
export function numberOf(value: unknown): number | null {
  if (typeof value !== 'string') {
    return value as number | null;
  }
  return value === 'inf' ? Number.POSITIVE_INFINITY : value === '-inf' ? Number.NEGATIVE_INFINITY : Number.NaN;
}
