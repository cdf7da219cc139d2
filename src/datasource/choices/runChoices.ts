import type { Run } from '@rolloscope/contract/types';
import { type Job, jobOfRun } from '../chosenAs';
import type { Choice } from './Choice';

/** Running ones first, then the newest, so that the first option is the right default. */
export function orderRuns(runs: readonly Run[]): Run[] {
  const rank = (run: Run) => (run.state === 'running' ? 0 : 1);
  return [...runs].sort((a, b) => rank(a) - rank(b) || b.createdAt - a.createdAt);
}

/**
 * Runs by their names; where several share one, the id tells them apart. The parts of a job come behind the job itself, as
 * what one wants to see is nearly always the whole of it.
 */
export function runChoices(runs: readonly Run[]): Choice[] {
  const names = new Map<string, number>();
  const jobs = new Map<string, Job[]>();
  for (const run of runs) {
    names.set(run.name, (names.get(run.name) ?? 0) + 1);
    const job = jobOfRun(run);
    if (job) {
      jobs.set(job.id, [...(jobs.get(job.id) ?? []), job]);
    }
  }
  const begun = new Set(runs.map(({ id }) => id));
  return runs.flatMap((run) => {
    const { id, name, state, lastStep } = run;
    const own = {
      value: id,
      label: (names.get(name) ?? 0) > 1 ? `${name} (${id})` : name,
      about: lastStep === undefined ? state : `${state}, step ${lastStep}`,
    };
    const parts = jobs.get(jobOfRun(run)?.id ?? '');
    const [job] = parts ?? [];
    if (!parts || !job || begun.has(job.id)) {
      return [own];
    }
    begun.add(job.id);
    const all = [...new Set(parts.map(({ part }) => part))].sort().join(' + ');
    return [{ value: job.id, label: `${job.name} (${all})`, about: 'a job, with all its runs' }, own];
  });
}
