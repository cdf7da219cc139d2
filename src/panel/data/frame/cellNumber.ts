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
