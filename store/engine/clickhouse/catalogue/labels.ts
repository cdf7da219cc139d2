import type { LabelEntry, Rollout } from '../../EngineReads';
import type { LabelledRollout } from './Catalogue';
import type { Ask } from './Postgres';
import { stored, told } from './storedText';

const ENTRY = 'person, proven, star, verdict, comment, version, time';
type Entry = [string, boolean, boolean, string | null, string | null, number, number];

const entryOf = ([person, proven, star, verdict, comment, version, time]: Entry): LabelEntry => ({
  ...{ person: told(person), proven, star, version, time },
  verdict: verdict === null ? null : told(verdict),
  comment: comment === null ? null : told(comment),
});

/** Reads all that was said of a rollout, oldest first. */
export async function labelsOf(ask: Ask, { run, table, key }: Rollout): Promise<LabelEntry[]> {
  const found = await ask<Entry>(
    `SELECT ${ENTRY} FROM labels JOIN runs USING (run) JOIN tables USING (tbl)
     WHERE id = $1 AND tables.name = $2 AND rollout = $3 ORDER BY seq`,
    [run, table, key].map(stored),
  );
  return found.map(entryOf);
}

/** Reads the labels of rollouts of some runs' table at a moment. */
export async function labelledRollouts(
  ask: Ask,
  runs: readonly string[],
  table: string,
  position: number,
): Promise<LabelledRollout[]> {
  const found = await ask<[string, string, ...Entry]>(
    `SELECT id, rollout, ${ENTRY} FROM (
       SELECT DISTINCT ON (run, rollout, person) id, run, rollout, labels.seq, ${ENTRY}
       FROM labels JOIN runs USING (run) JOIN tables USING (tbl)
       WHERE id = ANY($1) AND tables.name = $2 AND position <= $3
       ORDER BY run, rollout, person, version DESC
     ) newest
     WHERE star OR verdict IS NOT NULL OR comment IS NOT NULL ORDER BY run, rollout, seq`,
    [runs.map(stored), stored(table), position],
  );
  const all: LabelledRollout[] = [];
  for (const [id, rollout, ...entry] of found) {
    const [run, key] = [told(id), told(rollout)];
    const last = all.at(-1);
    if (last?.run === run && last.key === key) {
      last.labels.push(entryOf(entry));
    } else {
      all.push({ run, key, labels: [entryOf(entry)] });
    }
  }
  return all;
}
