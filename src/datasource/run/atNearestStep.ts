import type { GroupsQuery, RowsQuery } from '../query';
import { nearestTo, runSelector } from '../toRequest';
import type { QueryContext } from './QueryContext';

/** A query whose step is as the store takes it, and what to say where that is another step than was asked for. */
interface Resolved<Q> {
  query: Q;
  notice?: string;
}

/**
 * Puts the nearest step at which the runs logged the table in the place of `~45`: of two that are as near, the earlier
 * one. Where they logged none, the step itself, whose answer is empty. Throws a `StoreFailure`.
 */
export async function atNearestStep<Q extends RowsQuery | GroupsQuery>(
  query: Q,
  { client, signal }: Pick<QueryContext, 'client' | 'signal'>,
): Promise<Resolved<Q>> {
  const wanted = nearestTo(query.step);
  if (wanted === undefined) {
    return { query };
  }
  const stepBeside = async (side: 'from' | 'to') => {
    const direction = side === 'from' ? ('asc' as const) : ('desc' as const);
    const body = {
      runs: runSelector(query.runs),
      table: query.table,
      steps: { [side]: wanted },
      columns: ['step'],
      orderBy: [{ column: 'step', direction }],
      limit: 1,
    };
    const { rows } = await client.ask('queryRows', { body }, signal);
    return rows.flatMap(([step]) => (typeof step === 'number' ? [step] : []));
  };
  const found = (await Promise.all([stepBeside('to'), stepBeside('from')])).flat();
  const [step = wanted] = found.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b);
  return {
    query: { ...query, step: String(step) },
    ...(step !== wanted && { notice: `Step ${step}, the nearest to ${wanted}` }),
  };
}
