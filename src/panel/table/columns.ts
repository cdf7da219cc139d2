import type { TableColumn } from '../data/TableData';
import { TEXT_ROLES } from './columnWidths';
import { LABEL_CELL } from './labelCell';

const FIRST: TableColumn['role'][] = ['step', 'reward', 'media', 'prompt', 'response'];

/** Says whether an override of the panel hides a column; a viewer may bring it back. */
const isHidden = ({ field }: TableColumn) => field.config.custom?.hidden === true;

/** Step, reward, images, prompt, response, in this order; the chat where there is neither prompt nor response. */
export function defaultColumns(columns: readonly TableColumn[]): string[] {
  const byRole = (roles: TableColumn['role'][]) =>
    roles.flatMap((role) => columns.find((column) => column.role === role)?.name ?? []);
  const first = byRole(FIRST);
  const hasText = columns.some(({ role }) => role === 'prompt' || role === 'response');
  return hasText ? first : [...first, ...byRole(['messages'])];
}

/**
 * The columns to show: those that a viewer has chosen and exist, else of those that are not hidden the saved ones that
 * exist, else the default.
 */
export function shownColumns(
  columns: readonly TableColumn[],
  saved: readonly string[] | undefined,
  chosen: readonly string[] | undefined,
): TableColumn[] {
  const existing = (names: readonly string[] = []) =>
    names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const open = (names?: readonly string[]) => existing(names).filter((column) => !isHidden(column));
  const lists = [
    existing(chosen),
    withLabels(columns, open(saved)),
    withLabels(columns, open(defaultColumns(columns))),
  ];
  // An empty table has nothing to read, whatever is hidden.
  return lists.find((list) => list.length > 0) ?? existing(defaultColumns(columns));
}

/** What people say of rollouts shows without being chosen, before what one reads: only labelled tables have it. */
function withLabels(columns: readonly TableColumn[], shown: TableColumn[]): TableColumn[] {
  const labels = columns.find((column) => column.isLabel && column.name === LABEL_CELL && !isHidden(column));
  if (!labels || shown.length === 0 || shown.some(({ isLabel }) => isLabel)) {
    return shown;
  }
  const first = shown.findIndex(({ role }) => TEXT_ROLES.has(role));
  return first < 0 ? [...shown, labels] : [...shown.slice(0, first), labels, ...shown.slice(first)];
}

/** The columns of a table as they show. */
export interface ColumnChoice {
  /** The columns that show, in order, the pinned ones first. */
  shown: readonly TableColumn[];
  /** Names of `shown`. */
  names: readonly string[];
  /** Names of columns that stay at the left edge; they stand first in `shown`. */
  pinned: readonly string[];
}

/** Chooses the columns that show: as the viewer chose (`view`), else as the panel says (`saved`). */
export function chooseColumns(
  columns: readonly TableColumn[],
  saved: { columns?: readonly string[] | undefined; pinned?: readonly string[] | undefined },
  view: { columns: readonly string[] | undefined; pinned: readonly string[] | undefined },
): ColumnChoice {
  const pinned = view.pinned ?? saved.pinned ?? [];
  const shown = pinnedFirst(shownColumns(columns, saved.columns, view.columns), pinned);
  return { shown, names: shown.map(({ name }) => name), pinned };
}

/** The columns with the pinned ones first, each part in its order. */
function pinnedFirst(columns: readonly TableColumn[], pinned: readonly string[]): TableColumn[] {
  const isPinned = ({ name }: TableColumn) => pinned.includes(name);
  return [...columns.filter(isPinned), ...columns.filter((column) => !isPinned(column))];
}

/** The names with one of them moved up or down by one place. */
export function moveColumn(names: readonly string[], name: string, by: -1 | 1): string[] {
  const from = names.indexOf(name);
  const to = from + by;
  const moved = [...names];
  if (from < 0 || to < 0 || to >= names.length) {
    return moved;
  }
  moved.splice(to, 0, ...moved.splice(from, 1));
  return moved;
}

/** The names without one of them, or with it at the end. The last one stays: an empty table has nothing to read. */
export function toggleColumn(names: readonly string[], name: string): string[] {
  if (!names.includes(name)) {
    return [...names, name];
  }
  return names.length > 1 ? names.filter((other) => other !== name) : [...names];
}

/** The names with one of them put at a place; the very same order where it is not among them. */
export function moveColumnTo(names: readonly string[], name: string, to: number): string[] {
  if (!names.includes(name)) {
    return [...names];
  }
  const moved = names.filter((other) => other !== name);
  moved.splice(to, 0, name);
  return moved;
}
