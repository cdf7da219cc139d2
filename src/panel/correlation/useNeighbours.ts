import type { TableData } from '../data/TableData';
import { useLoaded } from '../view/useLoaded';
import { loadNeighbours, type Neighbours } from './loadNeighbours';
import type { Reading } from './useReading';

/** The steps around the one that is being read; none until they are known, or where several steps show. */
export function useNeighbours(data: TableData, current: Reading['current']): Neighbours {
  const around = useLoaded<Neighbours>(
    JSON.stringify([data.key, current]),
    async (signal) => (current ? loadNeighbours(data, current.step, current.run, signal) : {}),
    data,
  );
  return (around.isLoading ? undefined : around.value) ?? {};
}
