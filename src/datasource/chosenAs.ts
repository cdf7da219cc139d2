import { jobOf } from '@rolloscope/contract/jobOf';
import type { RunBrief } from '@rolloscope/contract/types';

/** A job that logs as several runs, such as an explorer and a trainer. */
export interface Job {
  /** The id by which queries name all of its runs; the store knows it (`RunNames`). */
  id: string;
  name: string;
  /** The part that this run plays in it. */
  part: string;
}

/** The job that a run is a part of, undefined for a run that is whole by itself. */
export function jobOfRun({ name, project, group }: Pick<RunBrief, 'name' | 'project' | 'group'>): Job | undefined {
  const part = jobOf(name)?.part;
  return part === undefined || group === undefined ? undefined : { id: `${project}/${group}`, name: group, part };
}

/** Returns what a run is chosen by, so that nothing of its job is missing: the id of its job, else its own. */
export const chosenAs = (run: RunBrief): string => jobOfRun(run)?.id ?? run.id;
