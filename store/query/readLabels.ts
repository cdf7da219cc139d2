import { LIMITS } from '@rolloscope/contract';
import type { LabelsAnswer, LabelsQuery } from '@rolloscope/contract/types';
import { noRow, parseRowId } from '../engine/rowId';
import { toLabel } from '../toLabel';
import { readSince, writeAsOf } from './asOf';
import type { ReadContext } from './ReadContext';

/** Reads the labels of a rollout. With `since`, nothing is read where nobody said anything of its table meanwhile. */
export async function readLabels(
  { engine, seen }: ReadContext,
  rowId: string,
  { since }: LabelsQuery,
  verdicts: readonly string[],
): Promise<Omit<LabelsAnswer, 'taken'>> {
  const row = parseRowId(engine.storeId, rowId);
  const asOf = writeAsOf(engine, await engine.position());
  const rollout = row === undefined ? undefined : await engine.rolloutOf(row);
  const entry = rollout && seen.ofStore(rollout.run);
  if (!rollout || !entry) {
    throw noRow(rowId);
  }
  const known = since === undefined ? undefined : await readSince(engine, seen, [entry], since);
  if (known !== undefined && (await engine.labelledAt([rollout.run], rollout.table)) <= known) {
    return { labels: [], history: [], changes: 0, verdicts: [...verdicts], rows: 0, same: true, asOf };
  }
  const history = (await engine.labelsOf(rollout)).map(toLabel);
  const newest = new Map(history.map((label) => [label.person, label]));
  return {
    labels: [...newest.values()],
    history: history.slice(-LIMITS.listEntries),
    changes: history.length,
    verdicts: [...verdicts],
    rows: await engine.rowsOfRollout(rollout),
    asOf,
  };
}
