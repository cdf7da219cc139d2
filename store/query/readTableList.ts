import type { TableListAnswer, TableListRequest } from '@rolloscope/contract/types';
import { chooseRuns } from './chooseRuns';
import type { ReadContext } from './ReadContext';

/** Tables of rollouts first, whatever else a run logged before them; else in the order of logging. */
export async function readTableList(
  { engine, seen }: ReadContext,
  request: TableListRequest,
): Promise<TableListAnswer> {
  const { entries, missing } = await chooseRuns(seen, request.runs);
  const tables = await engine.tableSummaries(entries.map((entry) => seen.scope(entry)));
  const isRollouts = ({ columns }: (typeof tables)[number]) =>
    columns.some(({ role }) => role === 'prompt' || role === 'response' || role === 'messages');
  tables.sort((a, b) => Number(isRollouts(b)) - Number(isRollouts(a)));
  return {
    tables: tables.map(({ firstStep, lastStep, ...table }) => ({
      ...table,
      ...(firstStep !== null && { firstStep }),
      ...(lastStep !== null && { lastStep }),
    })),
    ...(missing.length > 0 && { missing: { runs: missing } }),
  };
}
