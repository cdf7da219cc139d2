import { FAILED, FAILURE } from '@rolloscope/contract';
import type { Turn } from '@rolloscope/contract/types';
import type { TableColumn } from '../engine/TableColumn';
import { endFailure, errorFailure, turnsFailure } from '../formats/failures';
import type { Steps } from '../Turn';
import type { Derived } from './Derived';
import { isStopColumn } from './stopReasons';

const isState = ({ name, type }: TableColumn) => type === 'string' && name.toLowerCase() === 'status';

/**
 * Derives whether a rollout ran properly from what the trainer says of errors, of why it ended and of its state.
 * Returns no columns where none tells; a row of which nothing is told has null, which is no reason to take it for one
 * that ran properly.
 */
export function* failureColumns(
  columns: readonly TableColumn[],
  cells: readonly unknown[][],
  count: number,
  turns: readonly (readonly Turn[] | undefined)[] = [],
): Steps<Derived[]> {
  const of = (fits: (column: TableColumn) => boolean) => cells.filter((_, i) => fits(columns[i] as TableColumn));
  const errors = of(({ role }) => role === 'error');
  const ends = of((column) => isStopColumn(column) || isState(column));
  if (errors.length + ends.length === 0 && !turns.some((one) => one?.length)) {
    return [];
  }
  const [failed, failures]: [unknown[], unknown[]] = [[], []];
  for (let row = 0; row < count; row++) {
    const ended = ends.map((column) => endFailure(column[row]));
    const told = [
      ...errors.map((column) => errorFailure(column[row])),
      ...ended,
      ...[turns[row]].map((one) => one && turnsFailure(one)),
    ];
    const failure = told.find((one) => typeof one === 'string');
    failed.push(failure !== undefined ? true : told.includes(null) ? false : null);
    failures.push(failure ?? null);
    yield;
  }
  return failed.some((one) => one !== null)
    ? [
        { name: FAILED, type: 'boolean', values: failed },
        { name: FAILURE, type: 'string', values: failures },
      ]
    : [];
}
