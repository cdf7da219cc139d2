import type { TableColumn } from '../engine/TableColumn';
import { LIMIT_WORDS } from '../formats/stopWords';

/** Columns that say why a rollout ended, as trainers and servers of models call them. */
const NAMES = new Set(['finish_reason', 'finish_reasons', 'stop_reason', 'stop_reasons', 'stop_condition']);

/** Tells whether a column says why rollouts ended. */
export const isStopColumn = ({ name, type, origin }: TableColumn): boolean =>
  origin === 'logged' && (type === 'string' || type === 'json') && NAMES.has(name.toLowerCase());

/** The first column that tells why rollouts ended; -1 where there is none. */
export const stopColumn = (columns: readonly TableColumn[]): number => columns.findIndex(isStopColumn);

/** Tells whether a limit ended a rollout; of a list, one a turn, the last counts. Null where nothing is said. */
export function wasCut(cell: unknown): boolean | null {
  if (Array.isArray(cell)) {
    return wasCut(cell.at(-1) ?? null);
  }
  if (typeof cell === 'object' && cell !== null) {
    return wasCut((cell as Record<string, unknown>).type ?? null);
  }
  return typeof cell === 'string' && cell !== '' ? LIMIT_WORDS.has(cell.toLowerCase()) : null;
}
