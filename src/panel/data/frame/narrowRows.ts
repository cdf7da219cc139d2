import { chosenSteps } from '@rolloscope/contract/lenses';
import type { Filter, Lens } from '@rolloscope/contract/types';
import { compileSearch } from '../../text/compileSearch';
import { inSlices } from '../../text/inSlices';
import type { FrameCells, Narrowing } from '../TableData';
import { compileFilter } from './compileFilter';
import { lensRows } from './lensRows';
import { sortRows } from './sortRows';

/** Rows of a frame that hold a filter and a search, in the order of the frame; a page that shows them stays alive. */
export async function matchingRows(
  { columns, total, read }: FrameCells,
  { filter = [], search }: Narrowing,
  signal?: AbortSignal,
  onProgress?: (share: number) => void,
): Promise<Uint32Array> {
  const holds = await compileFilter(filter, columns);
  const matcher = search && (await compileSearch(search));
  const searched = columns
    .filter(
      ({ name, type }) => type === 'string' || (type === 'json' && !search?.columns) || search?.columns?.includes(name),
    )
    .filter(({ name }) => !search?.columns || search.columns.includes(name))
    .map(({ name }) => name);
  const isFound = (row: number) =>
    !matcher ||
    searched.some((name) => {
      const cell = read(name, row) ?? null;
      return cell !== null && matcher.test(typeof cell === 'string' ? cell : JSON.stringify(cell));
    });
  const rows = new Uint32Array(total);
  let count = 0;
  await inSlices(
    total,
    (row) => {
      if (holds((column) => read(column, row)) && isFound(row)) {
        rows[count++] = row;
      }
    },
    signal,
    onProgress,
  );
  return rows.slice(0, count);
}

/** Rows that hold a filter and a search, seen through a lens. */
export function throughLens(cells: FrameCells, lens: Lens, rows: Uint32Array, filter: Filter = []): Uint32Array {
  const step = cells.columns.find(({ role }) => role === 'step')?.name;
  return lensRows(lens, { ...cells, rows, steps: step === undefined ? undefined : chosenSteps(filter, step) });
}

/** The rows that a narrowing leaves, in its order. */
export async function narrowRows(
  cells: FrameCells,
  narrowing: Narrowing,
  signal?: AbortSignal,
  onProgress?: (share: number) => void,
): Promise<Uint32Array> {
  const { lens, orderBy } = narrowing;
  const matching = await matchingRows(cells, narrowing, signal, onProgress);
  const rows = lens ? throughLens(cells, lens, matching, narrowing.filter) : matching;
  if (orderBy.length === 0) {
    return rows;
  }
  return sortRows(rows, orderBy, ({ column }, row) => cells.read(column, row));
}
