import type { Run, RunBrief } from '@rolloscope/contract/types';
import { type Access, sees } from '../Access';
import type { RunScope } from '../engine/EngineReads';
import type { RunEntry } from './RunEntry';

/** All runs, whoever asks. */
export interface AllRuns {
  /** Position of the last commit that deleted a run; 0 for none. */
  readonly deletedAt: number;
  all(): Iterable<RunEntry>;
  get(id: string): RunEntry | undefined;
  called(id: string): RunEntry[];
  scope(entry: RunEntry): RunScope;
  toRun(entry: RunEntry, id: string, include: { config: boolean; summary: boolean }): Run;
}

/**
 * The runs as the bearer of a token knows them. What is of a project that they may not see does not exist for them, its
 * id included: a run of theirs may have the same id, and goes by it (`RunRecord.localId`).
 */
export class SeenRuns {
  /** Projects that were looked at, and whether globs let the bearer see them. */
  private readonly seen = new Map<string, boolean>();
  private byGroup: Map<string, RunEntry[]> | undefined;

  constructor(
    protected readonly runIndex: AllRuns,
    private readonly access: Access,
  ) {}

  /** Gives the runs in the order of creation. */
  all(): RunEntry[] {
    return [...this.runIndex.all()].filter((entry) => this.isSeen(entry));
  }

  /** Position of the last commit that deleted a run; 0 for none. */
  get deletedAt(): number {
    return this.runIndex.deletedAt;
  }

  /** The run that has an id in the store, if it may be seen. */
  ofStore(id: string): RunEntry | undefined {
    const entry = this.runIndex.get(id);
    return entry && this.isSeen(entry) ? entry : undefined;
  }

  /** The run that the bearer means by an id. */
  find(id: string): RunEntry | undefined {
    return this.called(id)[0];
  }

  /** The same, and those that the bearer would mean by it if that one went. */
  called(id: string): RunEntry[] {
    return this.runIndex.called(id).filter((entry) => this.isSeen(entry));
  }

  /** The runs that the bearer means by a name (`RunNames`); none for one that nothing has. */
  named(name: string): RunEntry[] {
    const run = this.find(name);
    return run ? [run] : (this.groups.get(name) ?? []);
  }

  /** The id that the bearer knows a run by; `find` knows it, too. */
  idOf(entry: RunEntry): string {
    const { id, localId } = entry.record;
    return localId !== undefined && this.find(localId) === entry ? localId : id;
  }

  scope(entry: RunEntry): RunScope {
    const id = this.idOf(entry);
    return { ...this.runIndex.scope(entry), ...(id !== entry.record.id && { as: id }) };
  }

  /** The contract's view of a run. */
  toRun(entry: RunEntry, include: { config: boolean; summary: boolean }): Run {
    return this.runIndex.toRun(entry, this.idOf(entry), include);
  }

  toBrief(entry: RunEntry): RunBrief {
    const { id, project, name, number, group, state, createdAt, baseline } = this.toRun(entry, {
      config: false,
      summary: false,
    });
    return {
      ...{ id, project, name, state, createdAt },
      ...(number !== undefined && { number }),
      ...(group !== undefined && { group }),
      ...(baseline !== undefined && { baseline }),
    };
  }

  /** Runs by the name of their group, and by that with their project's before it. */
  private get groups(): ReadonlyMap<string, RunEntry[]> {
    if (!this.byGroup) {
      this.byGroup = new Map();
      for (const entry of this.all()) {
        const { group, project, archived } = entry.record;
        for (const name of group === undefined || archived ? [] : [group, `${project}/${group}`]) {
          const runs = this.byGroup.get(name);
          runs ? runs.push(entry) : this.byGroup.set(name, [entry]);
        }
      }
    }
    return this.byGroup;
  }

  private isSeen({ record }: RunEntry): boolean {
    const isSeen = this.seen.get(record.project) ?? sees(this.access, record.project);
    this.seen.set(record.project, isSeen);
    return isSeen;
  }
}
