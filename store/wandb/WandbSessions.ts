import type { Access } from '../Access';
import { AdapterSessions, type ReadState } from '../adapters/AdapterSessions';
import { isName } from '../formats/nameOf';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import { WandbSession } from './WandbSession';

const qualified = (project: string, name: string) => `${project}/${name}`;

/** Finds W&B runs in the store. W&B's run ids are unique in a project, the store's are unique over all. */
export class WandbSessions extends AdapterSessions<WandbSession> {
  constructor(runIndex: RunIndex, stateOf: ReadState) {
    super(runIndex, async ({ record }) => new WandbSession(record, await stateOf(record.id)));
  }

  /**
   * The ids under which a run may be kept: its own, else, where another project's run has that which the client may see,
   * with its project.
   */
  idsOf(project: string, name: string, access: Access): string[] {
    const seen = this.runIndex.seenBy(access);
    const known = this.runOf(project, name);
    return known ? [seen.idOf(known)] : [name, qualified(project, name)].filter((id) => isName(id) && !seen.find(id));
  }

  /** The run's id in the store, as the client may know it. */
  shownId({ id }: WandbSession, access: Access): string {
    const entry = this.runIndex.get(id);
    return entry ? this.runIndex.seenBy(access).idOf(entry) : id;
  }

  /** The run of a project that clients know by a name. */
  runOf(project: string, name: string): RunEntry | undefined {
    return this.runIndex.inProject(project, qualified(project, name)) ?? this.runIndex.inProject(project, name);
  }

  /** Finds a run; undefined for one that is not there, or not of a project that may be written. */
  async find(project: string, name: string, access: Access): Promise<WandbSession | undefined> {
    const entry = this.runOf(project, name);
    return entry && access.writes(project) ? this.open(entry) : undefined;
  }

  async require(project: string, name: string, access: Access): Promise<WandbSession> {
    const session = await this.find(project, name, access);
    if (!session) {
      throw new StoreError('run_not_found', `There is no run ${JSON.stringify(name)} in ${JSON.stringify(project)}.`);
    }
    return session;
  }
}
