import { fitsGlob } from '@rolloscope/contract';
import { LINGER_MS } from '../alerts/AlertWatch';
import { sorted } from '../pacing/sorted';
import type { RunEntry } from '../runs/RunEntry';
import type { SeenRuns } from '../runs/SeenRuns';
import type { Turn } from '../Turn';

/** Ended runs are heard of for so long: long enough for someone to read of a crash in the morning. */
const RECENT_MS = 24 * 3_600_000;

/** Globs, of which one must fit; a run is named by its id, or as `project/id`. */
export interface ExposePatterns {
  runs: readonly string[];
  metrics: readonly string[];
}

/** Runs that are live, or heard of within a day; live ones first, then the newest. Archived ones are left out. */
export async function chooseExposed(
  seen: SeenRuns,
  runs: readonly string[],
  now: number,
  turn: Turn,
): Promise<RunEntry[]> {
  const chosen: RunEntry[] = [];
  for (const entry of seen.all()) {
    const { record } = entry;
    const isRecent = record.state === 'running' || now - record.updatedAt < RECENT_MS;
    if (!record.archived && isRecent && isNamed(record.project, seen.idOf(entry), runs)) {
      chosen.push(entry);
    }
    if (turn.isOver) {
      await turn.next();
    }
  }
  const rank = ({ record }: RunEntry) => (record.state === 'running' ? 0 : 1);
  return sorted(chosen, (a, b) => rank(a) - rank(b) || b.record.updatedAt - a.record.updatedAt, turn);
}

const isNamed = (project: string, id: string, runs: readonly string[]) =>
  runs.some((glob) => fitsGlob(id, glob) || fitsGlob(`${project}/${id}`, glob));

/** Says whether a run's metrics and evals are exposed: they end a little after it, so that the last are scraped. */
export const isLive = ({ record }: RunEntry, now: number): boolean =>
  record.state === 'running' || now - record.updatedAt < LINGER_MS;
