import type { Resource } from '@rolloscope/contract/types';
import { numberOf } from '../formats/coerce';

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const name = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) || undefined : undefined;

/** Machines that are remembered of one run. */
const MOST = 1_000;

/**
 * Reads what W&B's metadata (`wandb-metadata.json`, or an entry of `_wandb.value.e`) tells of a machine: host, Slurm
 * job, and GPUs by their UUIDs, which is how DCGM calls them, else by number. Undefined where it names no host.
 */
export function hostResource(metadata: unknown): Resource | undefined {
  if (!isFields(metadata)) {
    return undefined;
  }
  const host = name(metadata.host);
  if (host === undefined) {
    return undefined;
  }
  const slurm = isFields(metadata.slurm) ? metadata.slurm : {};
  const slurmJob = name(slurm.job_id ?? slurm.jobid);
  const uuids = (Array.isArray(metadata.gpu_nvidia) ? metadata.gpu_nvidia : [])
    .map((gpu) => (isFields(gpu) ? name(gpu.uuid) : undefined))
    .filter((uuid) => uuid !== undefined);
  const count = Math.min(1_024, numberOf(metadata.gpu_count) || 0);
  const gpus = uuids.length > 0 ? uuids.slice(0, 1_024) : Array.from({ length: count }, (_, i) => String(i));
  const from = typeof metadata.startedAt === 'string' ? Date.parse(metadata.startedAt) : Number.NaN;
  return {
    host,
    ...(slurmJob !== undefined && { slurmJob }),
    ...(gpus.length > 0 && { gpus }),
    ...(from >= 0 && { from }),
  };
}

/** The machines of a run with one more, or with what more is known of one. Undefined when nothing is new. */
export function addResource(known: readonly Resource[], one: Resource): Resource[] | undefined {
  const before = known.find(({ host }) => host === one.host);
  // The first start on a machine is when the run came there.
  const merged = {
    ...one,
    ...before,
    ...(one.slurmJob && { slurmJob: one.slurmJob }),
    ...(one.gpus && { gpus: one.gpus }),
  };
  if (before && JSON.stringify(merged) === JSON.stringify(before)) {
    return undefined;
  }
  if (!before && known.length >= MOST) {
    return undefined;
  }
  return before ? known.map((other) => (other === before ? merged : other)) : [...known, merged];
}
