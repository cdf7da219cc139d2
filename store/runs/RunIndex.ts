import type { MetricValue, Run, RunState } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { CLOCK } from '../Clock';
import type { Engine, RunRecord } from '../engine/Engine';
import type { RunScope } from '../engine/EngineReads';
import { effectiveHistory } from './effective';
import type { Latest, RunEntry } from './RunEntry';
import { METRIC, memoryOf, memoryOfRecord } from './runSize';
import { SeenRuns } from './SeenRuns';

/** The run whose evals others of its project are compared with by default carries this tag. */
export const BASELINE_TAG = 'baseline';

/**
 * All runs in memory: attributes, last values, attempts. It is loaded at start, changed only by the writer after a
 * commit, and read by everything that selects runs.
 */
export class RunIndex {
  private readonly entries = new Map<string, RunEntry>();
  /** Runs with another id in the store, by the id that their projects know them by, in the order of creation. */
  private readonly local = new Map<string, RunEntry[]>();
  /** Runs with the tag of a baseline, of which there are few, by project and id. */
  private readonly tagged = new Map<string, Map<string, RunEntry>>();
  /** Bytes of memory that each run takes, and all of them. */
  private readonly memories = new Map<string, number>();
  memory = 0;
  /** The highest number of a run by project, as far as somebody asked since one of its runs was deleted. */
  private readonly numbers = new Map<string, number>();
  /** Position of the last commit that deleted a run; 0 for none. */
  deletedAt = 0;
  /** Position of the last commit that it knows of. */
  position = 0;

  /**
   * `crashedAfter`: milliseconds of silence after which a run does not count as running any more; by the steady clock, so
   * that runs do not crash because somebody sets the machine's.
   */
  constructor(
    private readonly crashedAfter: number,
    private readonly steady: () => number = CLOCK.steady,
  ) {}

  /** Bytes of images and sounds that a run uses; they lie beside the engine's data. */
  mediaBytes: (run: RunRecord) => number = () => 0;

  static async load(engine: Engine, crashedAfter: number, steady?: () => number): Promise<RunIndex> {
    const runIndex = new RunIndex(crashedAfter, steady);
    runIndex.position = await engine.position();
    const heardAt = runIndex.steady();
    const [records, found, reached, sizes] = await Promise.all([
      engine.loadRuns(),
      engine.latestPoints(),
      engine.reached(),
      engine.bytesOfRuns(),
    ]);
    const latest = new Map(found.map((one) => [one.run, one]));
    for (const record of records) {
      const { count = 0, points } = latest.get(record.id) ?? {};
      const entry = { record, heardAt, reached: new Map(), rewrittenAt: record.rewritten ? runIndex.position : 0 };
      runIndex.set(points ? withLatest(entry, points) : { ...entry, latest: new Map() }, count);
    }
    for (const { run, attempt, step, aboveZero, time } of reached) {
      const entry = runIndex.entries.get(run);
      if (entry) {
        entry.lastTime = Math.max(entry.lastTime ?? time, time);
        entry.record = withoutFilledZero(entry.record, attempt, aboveZero);
      }
      if (entry && step !== null) {
        entry.reached.set(attempt, step);
        entry.lastStep = Math.max(entry.lastStep ?? step, step);
      }
    }
    runIndex.setSizes(sizes);
    return runIndex;
  }

  /** Bytes by run, as of now. What is read while a run is deleted might be another run's by then, and is dropped. */
  async measure(engine: Engine): Promise<void> {
    const { deletedAt } = this;
    const sizes = await engine.bytesOfRuns();
    if (this.deletedAt === deletedAt) {
      this.setSizes(sizes);
    }
  }

  private setSizes(sizes: ReadonlyArray<{ run: string; bytes: number }>): void {
    for (const { run, bytes } of sizes) {
      const entry = this.entries.get(run);
      if (entry) {
        entry.bytes = bytes;
      }
    }
  }

  get(id: string): RunEntry | undefined {
    return this.entries.get(id);
  }

  /** Gives the runs in the order of creation. */
  all(): Iterable<RunEntry> {
    return this.entries.values();
  }

  /** Runs that somebody may mean by an id: the one that has it in the store, then those that go by it in their projects. */
  called(id: string): RunEntry[] {
    const own = this.entries.get(id);
    return [...(own ? [own] : []), ...(this.local.get(id) ?? [])];
  }

  /** The run of a project that goes by an id there. */
  inProject(project: string, id: string): RunEntry | undefined {
    return this.called(id).find(({ record }) => record.project === project);
  }

  /** Runs of a project with the tag of a baseline. Asked for with every eval, however many other runs there are. */
  taggedBaselines(project: string): Iterable<RunEntry> {
    return this.tagged.get(project)?.values() ?? [];
  }

  /** The highest number of a project's runs; 0 without any. */
  highestNumber(project: string): number {
    let highest = this.numbers.get(project);
    if (highest === undefined) {
      highest = 0;
      for (const { record } of this.entries.values()) {
        highest = record.project === project ? Math.max(highest, record.number ?? 0) : highest;
      }
      this.numbers.set(project, highest);
    }
    return highest;
  }

  seenBy(access: Access): SeenRuns {
    return new SeenRuns(this, access);
  }

  /** `metrics`: how many it has, where its newest points are not made yet. */
  set(entry: RunEntry, metrics?: number): void {
    const { id, localId, project, tags, number = 0 } = entry.record;
    this.entries.set(id, entry);
    if (tags.includes(BASELINE_TAG)) {
      this.tagged.set(project, (this.tagged.get(project) ?? new Map<string, RunEntry>()).set(id, entry));
    } else {
      this.tagged.get(project)?.delete(id);
    }
    const highest = this.numbers.get(project);
    if (highest !== undefined && number > highest) {
      this.numbers.set(project, number);
    }
    this.weigh(id, metrics === undefined ? memoryOf(entry) : memoryOfRecord(entry.record) + METRIC * metrics);
    if (localId !== undefined) {
      const others = this.local.get(localId) ?? [];
      const at = others.findIndex(({ record }) => record.id === id);
      this.local.set(localId, at < 0 ? [...others, entry] : others.with(at, entry));
    }
  }

  delete(id: string, position: number): void {
    const { localId, project = '' } = this.entries.get(id)?.record ?? {};
    this.entries.delete(id);
    this.tagged.get(project)?.delete(id);
    this.numbers.delete(project);
    this.weigh(id, 0);
    if (localId !== undefined) {
      const others = this.local.get(localId)?.filter(({ record }) => record.id !== id) ?? [];
      if (others.length > 0) {
        this.local.set(localId, others);
      } else {
        this.local.delete(localId);
      }
    }
    this.deletedAt = position;
  }

  private weigh(id: string, bytes: number): void {
    this.memory += bytes - (this.memories.get(id) ?? 0);
    if (bytes > 0) {
      this.memories.set(id, bytes);
    } else {
      this.memories.delete(id);
    }
  }

  isSilent({ record, heardAt }: Pick<RunEntry, 'record' | 'heardAt'>): boolean {
    return record.state === 'running' && this.steady() - heardAt > this.crashedAfter;
  }

  /** The state as of now: a run that fell silent has crashed, unless silence is how its client ends. */
  stateOf(entry: RunEntry): RunState {
    return this.isSilent(entry) ? silentState(entry.record) : entry.record.state;
  }

  scope(entry: RunEntry): RunScope {
    const effective = effectiveHistory(entry);
    const { id, rowMetrics } = entry.record;
    return { run: id, ...(effective && { effective }), ...(rowMetrics && { rowMetrics }) };
  }

  /** The contract's view of a run, under the id that the asker knows it by. */
  toRun(entry: RunEntry, id: string, include: { config: boolean; summary: boolean }): Run {
    const {
      key: _,
      localId: __,
      rewritten: ___,
      clientId: ____,
      endsSilently: _____,
      rowMetrics: ______,
      config,
      ...record
    } = entry.record;
    const media = this.mediaBytes(entry.record);
    return {
      ...record,
      id,
      state: this.stateOf(entry),
      ...(include.config && { config }),
      ...(include.summary && { summary: this.summary(entry) }),
      ...(entry.lastStep !== undefined && { lastStep: entry.lastStep }),
      ...(entry.lastTime !== undefined && { lastTime: entry.lastTime }),
      ...((entry.bytes !== undefined || media > 0) && { bytes: (entry.bytes ?? 0) + media }),
    };
  }

  summary({ latest }: RunEntry): Record<string, MetricValue> {
    return Object.fromEntries([...latest].map(([metric, { value }]) => [metric, jsonNumber(value)]));
  }
}

/**
 * Earlier versions took the 0 that W&B clients fill in for a step metric which has no value yet for a return to step 0.
 * Such an attempt resumed just before the first step that it really logged.
 */
function withoutFilledZero(record: RunRecord, attempt: number, aboveZero: number | null): RunRecord {
  const isFilled = (one: { n: number; fromStep: number }) => one.n > 1 && one.n === attempt && one.fromStep === 0;
  return aboveZero !== null && record.attempts.some(isFilled)
    ? { ...record, attempts: record.attempts.map((one) => (isFilled(one) ? { ...one, fromStep: aboveZero - 1 } : one)) }
    : record;
}

/** An entry whose newest points are made when somebody looks at them. */
function withLatest(entry: Omit<RunEntry, 'latest'>, points: () => Map<string, Latest>): RunEntry {
  let made: Map<string, Latest> | undefined;
  return {
    ...entry,
    get latest() {
      made ??= points();
      return made;
    },
  };
}

/** Tells what silence means for a run. */
export const silentState = ({ endsSilently }: RunRecord) => (endsSilently ? 'finished' : 'crashed');

/** A number as JSON can carry it. */
export function jsonNumber(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}
