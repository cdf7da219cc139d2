import type { TableColumn } from '../data/TableData';

const TEXT_ROLES = new Set<TableColumn['role']>(['prompt', 'response', 'messages']);
/** A response is what one reads; it gets more room than the prompt. */
const SHARE: Partial<Record<NonNullable<TableColumn['role']>, number>> = { response: 1.4, messages: 1.6 };
const MIN_TEXT = 80;
const MIN_SHORT_TEXT = 72;
const CHARACTER = 7.5;
const PADDING = 18;

function fixedWidth(column: TableColumn): number | undefined {
  const header = Math.min(column.label.length * CHARACTER + PADDING + 12, 140);
  if (column.type === 'time') {
    return Math.max(header, 140);
  }
  if (column.type === 'number' || column.type === 'boolean') {
    return Math.max(header, 62);
  }
  return undefined;
}

/** Width of the unlabelled index column for the highest number on the page. */
export function indexWidth(lastNumber: number): number {
  return Math.max(36, String(lastNumber).length * CHARACTER + PADDING);
}

/** Pixels of each column: numbers take what they need, texts share the rest; wider than `available` where it is small. */
export function columnWidths(columns: readonly TableColumn[], available: number): number[] {
  const fixed = columns.map(fixedWidth);
  const rest = available - fixed.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  const shares = columns.map((column, i) => (fixed[i] === undefined ? share(column) : 0));
  const all = shares.reduce((sum, one) => sum + one, 0);
  const widths = columns.map((column, i) => {
    const least = TEXT_ROLES.has(column.role) ? MIN_TEXT : MIN_SHORT_TEXT;
    return Math.floor(fixed[i] ?? Math.max(least, (rest * (shares[i] ?? 0)) / all));
  });
  // Without texts, the last column takes what is left, so that the rows reach the edge.
  const used = widths.reduce((sum, width) => sum + width, 0);
  return widths.map((width, i) => (i === widths.length - 1 && used < available ? width + available - used : width));
}

function share(column: TableColumn): number {
  return TEXT_ROLES.has(column.role) ? ((column.role && SHARE[column.role]) ?? 1) : 0.5;
}
