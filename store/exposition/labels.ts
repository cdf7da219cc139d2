import type { Resource } from '@rolloscope/contract/types';
import type { RunRecord } from '../engine/Engine';
import type { RunEntry } from '../runs/RunEntry';
import type { SeenRuns } from '../runs/SeenRuns';

/** Labels of a run, on everything that is exposed of it. */
export function runLabels(seen: SeenRuns, entry: RunEntry): { project: string; run: string; group: string } {
  const { project, group = '' } = entry.record;
  return { project, run: seen.idOf(entry), group };
}

/** Gives the person to tell: the config's `owner`, `user` or `username`, else the tag `owner:NAME`, else nobody. */
export function ownerOf({ config, tags }: RunRecord): string {
  const told = [config.owner, config.user, config.username].find((value) => typeof value === 'string' && value !== '');
  const tag = tags.find((one) => one.startsWith('owner:'));
  return typeof told === 'string' ? told : (tag?.slice('owner:'.length) ?? '');
}

/** A line per resource, and one without where none is known. */
export function infoLabels(seen: SeenRuns, entry: RunEntry): Array<Record<string, string>> {
  const { record } = entry;
  const common = { ...runLabels(seen, entry), run_name: record.name, owner: ownerOf(record) };
  const lineOf = ({ host = '', pod = '', namespace = '', slurmJob = '' }: Partial<Resource>) => ({
    ...common,
    host,
    pod,
    namespace,
    slurm_job: slurmJob,
  });
  const resources = record.resources ?? [];
  // Resources differ in their times and GPUs too, which are no labels; a line must not come twice.
  const lines = new Map(
    (resources.length > 0 ? resources : [{}]).map((one) => [JSON.stringify(lineOf(one)), lineOf(one)]),
  );
  return [...lines.values()];
}
