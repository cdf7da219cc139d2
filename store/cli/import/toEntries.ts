import type { LogEntry } from '@rolloscope/contract/types';
import { COMPLETIONS, completionsTable, EVAL_COMPLETIONS } from '../../formats/completionsTable';
import type { Item, RowsItem } from '../../formats/Format';
import type { RewardHints } from '../../formats/rewardFunctions';
import { atOnce } from '../../Turn';

/** Entries of a log call; neighbouring rows of one table, step and columns become one table. */
export function toEntries(items: readonly Item[], hints: RewardHints): LogEntry[] {
  const entries: LogEntry[] = [];
  let rows: RowsItem[] = [];
  const flush = () => {
    const [first] = rows;
    if (first) {
      const table = { columns: first.columns, rows: rows.flatMap((item) => item.rows) };
      entries.push({ ...when(first), tables: { [first.table]: atOnce(completionsTable(table, hints, first.roles)) } });
    }
    rows = [];
  };
  for (const item of items) {
    const [first] = rows;
    if (item.kind === 'rows') {
      const isEval = item.table === COMPLETIONS && item.step !== undefined && hints.evalSteps.has(item.step);
      const placed = isEval ? { ...item, table: EVAL_COMPLETIONS } : item;
      if (first && !isAlike(first, placed)) {
        flush();
      }
      rows.push(placed);
      continue;
    }
    flush();
    if (item.kind === 'entry') {
      entries.push(item.entry);
    } else if (item.kind === 'metrics' && Object.keys(item.metrics).length > 0) {
      entries.push({ ...when(item), metrics: item.metrics });
    }
  }
  flush();
  return entries;
}

const when = ({ step, time }: { step?: number; time?: number }) => ({
  ...(step !== undefined && { step }),
  ...(time !== undefined && { time }),
});

function isAlike(a: RowsItem, b: RowsItem): boolean {
  return (
    a.table === b.table &&
    a.step === b.step &&
    a.time === b.time &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, i) => column === b.columns[i]) &&
    JSON.stringify(a.roles) === JSON.stringify(b.roles)
  );
}
