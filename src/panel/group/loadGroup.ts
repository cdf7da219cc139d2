import { FAILED, FAILURE } from '@rolloscope/contract/names';
import type { Page, TableColumn, TableData, WholeRow } from '../data/TableData';
import { momentFilter, promptKeys } from './groupFilters';

/** Most rollouts of a group that are read. */
const GROUP_ROWS = 512;

export interface Group {
  page: Page;
  /** Rollouts of the group; the page may hold fewer. */
  total: number;
  /** Names of what they have in common: `prompt`, or the column with the group's id; then step and run. */
  by: string[];
}

const ROLES: ReadonlySet<TableColumn['role']> = new Set([
  'step',
  'reward',
  'rewardPart',
  'advantage',
  'correct',
  'truncated',
  'response',
]);
const NAMES: ReadonlySet<string> = new Set(['run', 'time', 'chars', FAILED, FAILURE]);

/** Columns that a group or a history shows, as far as the table has them. */
const groupColumns = (columns: readonly TableColumn[]) =>
  columns.filter(({ name, role }) => NAMES.has(name) || ROLES.has(role)).map(({ name }) => name);

/** All rollouts of a row's prompt at its step and run; undefined where nothing tells which prompt it has. */
export async function loadGroup(
  data: TableData,
  columns: readonly TableColumn[],
  cells: WholeRow,
  signal: AbortSignal,
): Promise<Group | undefined> {
  const moment = momentFilter(columns, cells);
  const request = {
    orderBy: [],
    columns: groupColumns(columns),
    offset: 0,
    limit: Math.min(GROUP_ROWS, data.maxPageRows),
  };
  let found: Group | undefined;
  for (const { condition, by } of promptKeys(columns, cells)) {
    const rows = await data.loadRelated({ ...request, filter: [...moment.filter, condition] }, signal);
    found = { ...rows, by: [by, ...moment.names] };
    // Some trainers give each row an id of its own under the name of a group's; the prompt tells then.
    if (found.total > 1) {
      return found;
    }
  }
  return found;
}
