import { createHash } from 'node:crypto';
import { COMPLETIONS } from '../formats/completionsTable';
import { isObject } from '../formats/readObject';
import type { Steps } from '../Turn';
import type { Entry } from './readEntry';

/** The newest completions of a run, as the process that logs to it sent them. */
export interface NewestCompletions {
  completions?: { sha256: string; logId: string | undefined };
}

/**
 * Returns what a call logs, without completions that are those of the call before it: TRL sums a training up in a last
 * call, and sends the rows of its last step once more. Rows must tell their step, since others may be the same at
 * another one.
 */
export function* withoutRepeats(entry: Entry, newest: NewestCompletions): Steps<Entry['values']> {
  const { values, logId, config } = entry;
  if (config !== undefined) {
    // It is a process's first call. A resumed one takes steps again, whose rows count though they be the same.
    delete newest.completions;
  }
  const { [COMPLETIONS]: table, ...others } = values;
  const rows = isObject(table) && table._type === 'trackio.table' && Array.isArray(table._value) ? table._value : [];
  if (rows.length === 0) {
    return values;
  }
  const hash = createHash('sha256');
  let tellStep = true;
  for (const row of rows) {
    tellStep &&= isObject(row) && 'step' in row;
    hash.update(`${JSON.stringify(row)}\n`);
    yield;
  }
  const sha256 = hash.digest('hex');
  // A call that is sent again, since its answer was lost, is told by its id, and has its rows.
  const isRepeated = tellStep && newest.completions?.sha256 === sha256 && newest.completions.logId !== logId;
  if (isRepeated) {
    return others;
  }
  newest.completions = { sha256, logId };
  return values;
}
