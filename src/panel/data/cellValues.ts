/** A cell as the number that it stands for, as the store casts it; null where it is none. */
export function cellNumber(cell: unknown): number | null {
  if (typeof cell === 'boolean') {
    return Number(cell);
  }
  if (typeof cell === 'string') {
    return cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : null;
  }
  return typeof cell === 'number' ? cell : null;
}

const YES = ['true', 't', 'yes', 'y'];
const NO = ['false', 'f', 'no', 'n'];

/**
 * Says whether a cell means yes or no, as the store reads it: booleans, finite numbers (yes is above 0.5) and texts
 * such as "True". Returns null where it says neither, as NaN does.
 */
export function cellTruth(cell: unknown): boolean | null {
  const number = cellNumber(cell);
  if (number !== null) {
    return Number.isFinite(number) ? number > 0.5 : null;
  }
  const word = typeof cell === 'string' ? cell.toLowerCase() : '';
  return YES.includes(word) ? true : NO.includes(word) ? false : null;
}

/**
 * A cell as a reward, as the store reads it: where only a verdict was logged, right is 1 and wrong is 0. Undefined where
 * it is none; NaN and infinities stay what they are.
 */
export function cellReward(cell: unknown): number | undefined {
  const truth = typeof cell === 'number' ? null : cellTruth(cell);
  return cellNumber(cell) ?? (truth === null ? undefined : Number(truth));
}
