import type { OrderBy } from '@rolloscope/contract/types';
import { sorted } from '../pacing/sorted';
import type { RunEntry } from '../runs/RunEntry';
import { Turn } from '../Turn';
import { requireAttribute } from './filterRuns';
import { compareValues, RunValue, RunValues } from './RunValues';
import type { SelectableRuns } from './SelectableRuns';

/** Characters of a text by which runs are ordered. */
const ORDER_CHARS = 1_000;

/** Orders runs newest first unless said otherwise; texts by their first characters. */
export async function orderRuns(
  seen: SelectableRuns,
  entries: readonly RunEntry[],
  orderBy: OrderBy = [],
): Promise<RunEntry[]> {
  for (const { column } of orderBy) {
    requireAttribute(column);
  }
  const turn = new Turn(seen.signal);
  const newest = (a: RunEntry, b: RunEntry) => b.record.createdAt - a.record.createdAt;
  const newestFirst = await sorted(entries.toReversed(), newest, turn);
  if (orderBy.length === 0) {
    return newestFirst;
  }
  // Values are looked up once a run, not once a comparison.
  const keyed: Array<{ entry: RunEntry; keys: Array<RunValue | undefined> }> = [];
  await turn.all(newestFirst, (entry) => {
    const values = new RunValues(seen, entry);
    keyed.push({ entry, keys: orderBy.map(({ column }) => orderKey(values.of(column))) });
  });
  const ordered = await sorted(
    keyed,
    (a, b) => {
      for (const [i, { direction }] of orderBy.entries()) {
        const order = compareNullsLast(a.keys[i], b.keys[i], direction === 'desc');
        if (order !== 0) {
          return order;
        }
      }
      return 0;
    },
    turn,
  );
  return ordered.map(({ entry }) => entry);
}

/** The first value; of a long one what it is ordered by, so that its whole text is not kept. */
function orderKey(values: readonly RunValue[]): RunValue | undefined {
  const value = values.find(({ raw }) => !Number.isNaN(raw));
  const isShort = value === undefined || typeof value.raw === 'number' || value.text.length <= ORDER_CHARS;
  return isShort ? value : new RunValue(value.text.slice(0, ORDER_CHARS));
}

function compareNullsLast(a: RunValue | undefined, b: RunValue | undefined, descending: boolean): number {
  if (a === undefined || b === undefined) {
    return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  }
  return descending ? compareValues(b, a) : compareValues(a, b);
}
