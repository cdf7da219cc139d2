import { scoreRole } from '@rolloscope/contract/lenses';
import { stepColumn } from '../data/axisColumns';
import type { TableColumn, TableData, WholeRow } from '../data/TableData';
import { promptKeys } from '../group/groupFilters';

/** The row of another step with the same prompt as a row; undefined where that step has none. */
export async function findPromptAt(
  data: TableData,
  columns: readonly TableColumn[],
  cells: WholeRow,
  step: number,
  /** The run to look in; undefined: the row's own. */
  otherRun: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [prompt] = promptKeys(columns, cells).filter(({ isLasting }) => isLasting);
  const column = stepColumn(columns)?.name;
  if (!prompt || column === undefined) {
    return undefined;
  }
  const run = otherRun ?? cells.get('run');
  const score = scoreRole(columns.map(({ role }) => role));
  const reward = columns.find(({ role }) => role !== undefined && role === score)?.name;
  const { page } = await data.loadRelated(
    {
      filter: [
        prompt.condition,
        { column, op: 'eq', value: step },
        ...(typeof run === 'string' ? [{ column: 'run', op: 'eq' as const, value: run }] : []),
      ],
      // The best answer to it: what a reader would compare with.
      orderBy: reward === undefined ? [] : [{ column: reward, direction: 'desc' }],
      columns: [column],
      offset: 0,
      limit: 1,
      allRuns: otherRun !== undefined,
    },
    signal,
  );
  return page.count > 0 ? page.rowId(0) : undefined;
}
