/** Several series over one ascending x. */
export interface Joined {
  x: number[];
  /** The row of each point, by series and point; -1 where it has no x. */
  rows: Int32Array[];
}

/** Joins series by their x, each usually ascending; null is no place on the axis. */
export function joinAxes(axes: readonly (readonly (number | null)[])[]): Joined {
  const all = new Float64Array(axes.reduce((sum, { length }) => sum + length, 0));
  let count = 0;
  for (const axis of axes) {
    for (const x of axis) {
      if (x !== null) {
        all[count++] = x;
      }
    }
  }
  const sorted = all.subarray(0, count).sort();
  const x: number[] = [];
  for (const value of sorted) {
    if (value !== x[x.length - 1]) {
      x.push(value);
    }
  }
  const rows = axes.map((axis) => {
    const found = new Int32Array(axis.length);
    let row = 0;
    axis.forEach((value, i) => {
      if (value === null) {
        found[i] = -1;
        return;
      }
      if (value < (x[row] ?? 0)) {
        row = 0;
      }
      while ((x[row] ?? value) < value) {
        row++;
      }
      found[i] = row;
    });
    return found;
  });
  return { x, rows };
}

/**
 * The values of one series in the joined rows; undefined where it has none. Charts draw a line on over undefined, and break
 * it at null, unless they are told to span that too.
 */
export function inRows<T>(values: readonly T[], rows: Int32Array, count: number): (T | undefined)[] {
  const column = new Array<T | undefined>(count).fill(undefined);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? -1;
    if (row >= 0) {
      column[row] = values[i];
    }
  }
  return column;
}
