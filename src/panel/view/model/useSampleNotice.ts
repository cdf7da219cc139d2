import { SAMPLED_BY, SAMPLED_FROM } from '@rolloscope/contract/names';
import type { Condition } from '@rolloscope/contract/types';
import type { Page, TableData } from '../../data/TableData';
import { useLoaded } from '../../data/useLoaded';
import { formatCount } from '../../text/formatCount';

/**
 * `step 46: 2 of 512 rollouts, best and worst only`, where the rows say that they were chosen from more; undefined where
 * nothing says so. It is about the step of the first row that shows.
 */
export function useSampleNotice(data: TableData, page: Page | undefined): string | undefined {
  const of = page && page.count > 0 ? page.cell(0, SAMPLED_FROM) : undefined;
  const all = typeof of === 'number' && Number.isFinite(of) ? of : undefined;
  const step = data.columns.find(({ role }) => role === 'step')?.name;
  const at = step === undefined ? undefined : page?.cell(0, step);
  const run = data.columns.some(({ name }) => name === 'run') ? page?.cell(0, 'run') : undefined;
  const logged = useLoaded(JSON.stringify([data.key, all, at, run]), async (signal) => {
    if (all === undefined || step === undefined || typeof at !== 'number') {
      return undefined;
    }
    const filter: Condition[] = [
      { column: step, op: 'eq', value: at },
      ...(typeof run === 'string' ? [{ column: 'run', op: 'eq' as const, value: run }] : []),
    ];
    const { total } = await data.loadRelated({ filter, orderBy: [], columns: [step], offset: 0, limit: 0 }, signal);
    return total;
  });
  if (all === undefined || logged.value === undefined || logged.value >= all) {
    return undefined;
  }
  const by = page?.cell(0, SAMPLED_BY);
  const how = typeof by === 'string' && by !== '' ? `, ${by}` : '';
  return `step ${at}: ${formatCount(logged.value)} of ${formatCount(all)} rollouts${how}`;
}
