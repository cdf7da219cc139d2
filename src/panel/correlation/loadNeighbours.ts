import type { Filter } from '@rolloscope/contract/types';
import { stepColumn, timeColumn } from '../data/axisColumns';
import type { TableData } from '../data/TableData';

/** A step beside another one in the same runs. */
interface Neighbour {
  step: number;
  /** The time at which its rollouts were logged, in epoch milliseconds. */
  time?: number;
}

export interface Neighbours {
  before?: Neighbour;
  after?: Neighbour;
  /** The times of the step's own first and last rollout, in epoch milliseconds. */
  first?: number;
  last?: number;
}

/** The steps before and after one, whichever steps the query shows; of one run where `run` is given. */
export async function loadNeighbours(
  data: TableData,
  step: number,
  run: string | undefined,
  signal: AbortSignal,
): Promise<Neighbours> {
  const column = stepColumn(data.columns)?.name;
  const time = timeColumn(data.columns)?.name;
  if (column === undefined) {
    return {};
  }
  const ofRun: Filter = run === undefined ? [] : [{ column: 'run', op: 'eq', value: run }];
  const one = async (op: 'lt' | 'eq' | 'gt', orderColumn: string, direction: 'asc' | 'desc') => {
    const { page } = await data.loadRelated(
      {
        filter: [...ofRun, { column, op, value: step }],
        orderBy: [{ column: orderColumn, direction }],
        columns: [column, ...(time === undefined ? [] : [time])],
        offset: 0,
        limit: 1,
      },
      signal,
    );
    const [at, when] = [column, time].map((name) =>
      name === undefined || page.count === 0 ? null : page.cell(0, name),
    );
    return typeof at === 'number' ? { step: at, ...(typeof when === 'number' && { time: when }) } : undefined;
  };
  const [before, after, first, last] = await Promise.all([
    one('lt', column, 'desc'),
    one('gt', column, 'asc'),
    time === undefined ? undefined : one('eq', time, 'asc'),
    time === undefined ? undefined : one('eq', time, 'desc'),
  ]);
  return {
    ...(before && { before }),
    ...(after && { after }),
    ...(first?.time !== undefined && { first: first.time }),
    ...(last?.time !== undefined && { last: last.time }),
  };
}
