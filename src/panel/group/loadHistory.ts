import type { Page, TableColumn, TableData, WholeRow } from '../data/TableData';
import { promptKeys } from './groupFilters';
import { type Attempt, promptHistory } from './promptHistory';

/** Most rollouts that a history is made of: the newest ones. */
const HISTORY_ROWS = 1_000;

export interface History {
  page: Page;
  total: number;
  attempts: Attempt[];
}

/** Loads what became of a row's prompt at every step, in the query's runs or all; undefined where none is known. */
export async function loadHistory(
  data: TableData,
  columns: readonly TableColumn[],
  cells: WholeRow,
  allRuns: boolean,
  signal: AbortSignal,
): Promise<History | undefined> {
  const [key] = promptKeys(columns, cells).filter(({ isLasting }) => isLasting);
  const named = (is: (column: TableColumn) => boolean) => columns.find(is)?.name;
  const run = named(({ name }) => name === 'run');
  const step = named(({ role }) => role === 'step');
  const reward = named(({ role }) => role === 'reward') ?? named(({ role }) => role === 'correct');
  if (!key) {
    return undefined;
  }
  const request = {
    filter: [key.condition],
    orderBy: step === undefined ? [] : [{ column: step, direction: 'desc' as const }],
    columns: [run, step, reward].filter((name) => name !== undefined),
    offset: 0,
    limit: Math.min(HISTORY_ROWS, data.maxPageRows),
    allRuns,
  };
  const { page, total } = await data.loadRelated(request, signal);
  return { page, total, attempts: promptHistory(page, { run, step, reward }) };
}
