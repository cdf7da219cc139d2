/** A cell that may be JSON as text: what it says, or undefined where it only begins like a list or an object. */
export function jsonCell(cell: unknown): unknown {
  if (typeof cell !== 'string' || !/^\s{0,9}[[{]/.test(cell)) {
    return cell;
  }
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}
