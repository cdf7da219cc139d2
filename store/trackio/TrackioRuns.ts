import { jobOf } from '@rolloscope/contract/jobOf';
import type { RunPut } from '@rolloscope/contract/types';
import { type Access, requireWrites } from '../Access';
import { isName } from '../formats/nameOf';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import type { Writing } from '../services';

/** A run as trackio clients name it in every call. Several runs of a project may have one name, with ids of their own. */
export interface RunKey {
  project: string;
  name: string;
  id: string;
}

/** Finds trackio runs in the store, and makes those that are new. */
export class TrackioRuns {
  constructor(
    private readonly runIndex: RunIndex,
    private readonly writing: Writing,
  ) {}

  /** The run with what changed of it; made when it is not there. Returns its id in the store. */
  async open(key: RunKey, put: Omit<RunPut, 'project' | 'name'>, access: Access): Promise<string> {
    requireWrites(access, key.project);
    const ids = idsOf(key);
    const known = this.known(ids, key);
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

  /** The id in the store of a run that is there. */
  private known(ids: readonly string[], { project, id: clientId }: RunKey): string | undefined {
    const entries = ids.map((id) => this.runIndex.inProject(project, id));
    return entries.find((entry) => entry?.record.clientId === clientId)?.record.id;
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
