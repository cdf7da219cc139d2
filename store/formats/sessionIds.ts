import type { Steps } from '../Turn';
import type { WideTable } from './unpivot';

/** An id that verl made, of a prompt, with the numbers of its session and of the output in that. */
const SESSION = /^([0-9a-f]{8}[0-9a-f-]{0,28})_\d{1,9}_\d{1,9}$/i;

/**
 * A table whose `uid` is one of verl's V1 trainer, `{uid}_{session}_{index}` (`verl/trainer/ppo/v1`), gets the prompt's
 * part of it as `groupId`; the whole stays beside it.
 */
export function* sessionIds(table: WideTable): Steps<WideTable> {
  const at = table.columns.findIndex((name) => name.toLowerCase() === 'uid');
  if (at < 0 || table.rows.length === 0 || table.columns.includes('groupId')) {
    return table;
  }
  const rows: unknown[][] = [];
  for (const row of table.rows) {
    const group = typeof row[at] === 'string' ? SESSION.exec(row[at])?.[1] : undefined;
    if (group === undefined) {
      return table;
    }
    rows.push([...table.columns.map((_, i) => row[i] ?? null), group]);
    yield;
  }
  return { columns: [...table.columns, 'groupId'], rows };
}
