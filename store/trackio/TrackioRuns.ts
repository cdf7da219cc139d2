import { jobOf } from '@rolloscope/contract/jobOf';
import type { RunPut } from '@rolloscope/contract/types';
import { type Access, requireWrites } from '../Access';
import { AdapterSessions } from '../adapters/AdapterSessions';
import { isName } from '../formats/nameOf';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import type { RunKey } from './RunKey';
import { TrackioSession } from './TrackioSession';

/** Finds trackio runs in the store, and makes those that are new. */
export class TrackioRuns extends AdapterSessions<TrackioSession> {
  constructor(
    runIndex: RunIndex,
    private readonly writing: Writing,
  ) {
    super(runIndex, async ({ record }) => new TrackioSession(record));
  }

  /** The run with what changed of it; made when it is not there. Throws `run_not_found` where it is deleted meanwhile. */
  async take(key: RunKey, put: Omit<RunPut, 'project' | 'name'>, access: Access): Promise<TrackioSession> {
    const id = await this.findOrMake(key, put, access);
    const entry = this.runIndex.get(id);
    if (!entry) {
      throw new StoreError('run_not_found', `The run ${JSON.stringify(id)} was deleted.`);
    }
    return this.open(entry);
  }

  /** The run's id in the store. */
  private async findOrMake(key: RunKey, put: Omit<RunPut, 'project' | 'name'>, access: Access): Promise<string> {
    requireWrites(access, key.project);
    const ids = idsOf(key);
    const isIt = ({ record }: RunEntry) => record.project === key.project && record.clientId === key.id;
    const candidates = ids.flatMap((id) => this.runIndex.inProject(key.project, id) ?? []);
    const known = this.known(JSON.stringify([key.project, key.name, key.id]), isIt, candidates)?.record.id;
    const { startedAt: _, ...change } = put;
    if (known !== undefined && Object.keys(change).length === 0) {
      return known;
    }
    const job = jobOf(key.name)?.job;
    const { id } = await this.writing.openRun(
      {
        ids,
        put: { project: key.project, name: key.name, ...(job !== undefined && { group: job }), ...put },
        change,
        clientId: key.id,
        endsSilently: true,
      },
      access,
    );
    return id;
  }

  /** The trackio runs of a project, in the order of creation. */
  in(project: string, access: Access): RunEntry[] {
    requireWrites(access, project);
    return [...this.runIndex.all()].filter(({ record }) => record.project === project && record.clientId !== undefined);
  }
}

/**
 * The store's ids that a run may have, the first that is free: its name, which people read, else with its project, else
 * with the beginning of its own id, and at last with the whole of it.
 */
function idsOf({ project, name, id }: RunKey): string[] {
  return [name, `${project}/${name}`, `${name}-${id.slice(0, 8)}`, `${name}-${id}`, id].filter(isName);
}
