import { fitsGlob } from '@rolloscope/contract';
import type { Access } from '../Access';
import { LINGER_MS } from '../alerts/AlertWatch';
import type { RunBook, RunEntry } from '../runs/RunBook';

/** Ended runs are heard of for so long: long enough for someone to read of a crash in the morning. */
const RECENT_MS = 24 * 3_600_000;

/** Globs, of which one must fit; a run is named by its id, or as `project/id`. */
export interface ExposePatterns {
  runs: readonly string[];
  metrics: readonly string[];
}

/** Runs that are live, or heard of within a day; live ones first, then the newest. Archived ones are left out. */
export function chooseExposed(book: RunBook, access: Access, runs: readonly string[], now: number): RunEntry[] {
  const chosen = [...book.all()].filter(
    ({ record }) =>
      access.reads(record.project) &&
      !record.archived &&
      (record.state === 'running' || now - record.updatedAt < RECENT_MS) &&
      runs.some((glob) => fitsGlob(record.id, glob) || fitsGlob(`${record.project}/${record.id}`, glob)),
  );
  const rank = ({ record }: RunEntry) => (record.state === 'running' ? 0 : 1);
  return chosen.sort((a, b) => rank(a) - rank(b) || b.record.updatedAt - a.record.updatedAt);
}

/** Whether a run's metrics and evals are exposed: they end with it, a little later so that the last ones are scraped. */
export const isLive = ({ record }: RunEntry, now: number): boolean =>
  record.state === 'running' || now - record.updatedAt < LINGER_MS;
