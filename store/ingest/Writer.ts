import { DEFAULT_VERDICTS } from '@rolloscope/contract';
import type {
  EventsPost,
  LabelAnswer,
  LabelPut,
  LogRequest,
  Run,
  RunEvent,
  RunFinish,
  RunPut,
} from '@rolloscope/contract/types';
import { type Access, requireWrites } from '../Access';
import { CLOCK, type Clock } from '../Clock';
import type { Change, Commits, Engine } from '../engine/Engine';
import { jsonBytes } from '../json/jsonBytes';
import { wellFormed } from '../json/wellFormed';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import type { LabelPerson, LogExtras, OpenedRun, OpenRun, PutExtras, Writing } from '../services';
import { soonOrInTurns } from '../Turn';
import { AheadTables } from './AheadTables';
import { addRowMetrics } from './addRowMetrics';
import { BatchMemory } from './BatchMemory';
import { CommitQueue } from './CommitQueue';
import { checkLabel } from './checkLabel';
import { InOrder } from './InOrder';
import { KnownContents } from './KnownContents';
import { KnownSteps } from './KnownSteps';
import { type PreparedLog, prepareLog } from './prepareLog';
import type { RunDraft } from './RunDraft';
import { RunLife } from './RunLife';
import { RunOpening } from './RunOpening';
import { type Asked, recall } from './recall';
import { Stage } from './Stage';
import { stageLabel } from './stageLabel';
import { stageLog } from './stageLog';

/** A sign of life that changes nothing else is written at most so often. */
const LIFE_SIGN_MS = 10_000;

/** Returns the bytes that a call takes while it waits, roughly: to write all of it as JSON would block others. */
const bytesOf = (body: unknown) => jsonBytes(body, Number.POSITIVE_INFINITY);

/** The writing half: every call becomes a job of one queue, and is answered after its commit. */
export class Writer implements Writing, Commits {
  private readonly batches: BatchMemory;
  private readonly contents = new KnownContents();
  private readonly steps = new KnownSteps();
  /** The last time that a run's record was written, in epoch milliseconds by the steady clock, by run. */
  private readonly persistedAt = new Map<string, number>();
  /** Log calls of each run. */
  private readonly arrivals = new InOrder();
  private readonly queue: CommitQueue<Stage, Asked>;
  private readonly life: RunLife;
  private readonly opening: RunOpening;
  /** Told of every commit once it is durable and remembered. It must not throw: nothing can be undone any more. */
  onCommit: ((changes: readonly Change[], position: number, milliseconds: number) => void) | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly clock: Clock = CLOCK,
    /** The verdicts that labels may have. */
    private readonly verdicts: readonly string[] = DEFAULT_VERDICTS,
  ) {
    this.batches = new BatchMemory(engine, clock.steady);
    this.life = new RunLife(clock);
    this.opening = new RunOpening(clock, this.life);
    this.queue = new CommitQueue(
      async (asked) => new Stage(engine, runIndex, await recall(engine, runIndex, this.batches, asked)),
      (stage) => this.commit(stage),
    );
  }

  get isIdle(): boolean {
    return this.queue.isIdle;
  }

  private async commit(stage: Stage): Promise<void> {
    const now = this.clock.steady();
    const settleRowMetrics = await addRowMetrics(stage, this.steps);
    const records = [...stage.drafts.values()]
      .filter(({ dirty, record }) => dirty || now - (this.persistedAt.get(record.id) ?? 0) > LIFE_SIGN_MS)
      .map(({ record }) => record);
    stage.changes.push(...records.map((run) => ({ kind: 'run' as const, run })));
    if (stage.changes.length === 0) {
      stage.settle(await this.engine.position());
      return;
    }
    const begin = performance.now();
    await stage.duplicates.tell(this.engine, this.contents, (run) => stage.deleted.has(run));
    const position = await this.engine.commit(stage.changes);
    const took = performance.now() - begin;
    stage.settle(position);
    for (const run of stage.deleted) {
      this.batches.delete(run);
      this.contents.delete(run);
      this.persistedAt.delete(run);
    }
    for (const { id } of records) {
      this.persistedAt.set(id, now);
      if (stage.drafts.get(id)?.isNew) {
        this.batches.beginRun(id);
      }
    }
    for (const [run, batches] of stage.batches) {
      for (const batchId of batches.keys()) {
        this.batches.add(run, batchId);
      }
    }
    await stage.duplicates.settle(this.contents);
    settleRowMetrics();
    this.onCommit?.(stage.changes, position, took);
  }

  /** The run to write to. Another project's run does not exist for a token that may not see it. */
  private require(stage: Stage, id: string, access: Access): RunDraft {
    const draft = stage.find(id, access);
    if (!draft) {
      throw new StoreError(
        'run_not_found',
        `There is no run ${JSON.stringify(id)}. Create it with PUT /runs/{id} first.`,
      );
    }
    requireWrites(access, draft.record.project);
    return draft;
  }

  putRun(id: string, put: RunPut, access: Access, extras: PutExtras = {}): Promise<Run> {
    const body = wellFormed(put);
    return this.queue.add({
      bytes: 1_000 + bytesOf(body),
      stage: async (stage) => this.viewOf(this.opening.put(stage, id, body, access, extras), id),
    });
  }

  openRun(run: OpenRun, access: Access): Promise<OpenedRun> {
    const put = wellFormed(run.put);
    return this.queue.add({
      bytes: 1_000 + bytesOf(put),
      stage: async (stage) => this.opening.open(stage, { ...run, put }, access),
    });
  }

  private viewOf(draft: RunDraft, id: string): Run {
    return this.runIndex.toRun(draft.preview(), id, { config: true, summary: true });
  }

  async log(
    id: string,
    request: LogRequest,
    access: Access,
    { state, events, maxAttempts, keepsState, leftOut }: LogExtras = {},
  ): Promise<{ accepted: number }> {
    const texts = [...(state ?? [])].reduce((sum, [, value]) => sum + value.length, 0);
    const batchId = request.batchId?.toWellFormed();
    const prepared = soonOrInTurns(prepareLog(request, this.clock.now()));
    const ready =
      prepared instanceof Promise || prepared.tables.length > 0
        ? this.readyAhead(id, prepared, access, batchId)
        : { log: prepared, ahead: undefined };
    return this.arrivals.go(id, ready, ({ log, ahead }) =>
      this.queue.add({
        bytes: log.bytes + texts,
        asks: { id, access, batchId, points: log.points },
        stage: async (stage) => {
          const draft = this.require(stage, id, access);
          const run = draft.record.id;
          const known = batchId === undefined ? undefined : stage.acceptedBefore(run, batchId);
          this.life.show(stage, draft, keepsState);
          if (known !== undefined) {
            return { accepted: known };
          }
          await stageLog(stage, draft, log, { mostAttempts: maxAttempts, leftOut, ahead });
          for (const [key, value] of state ?? []) {
            stage.changes.push({ kind: 'adapterState', run, key, value });
          }
          if (events) {
            this.life.tell(stage, run, events);
          }
          this.life.tellLeftOut(stage, run, leftOut);
          if (batchId !== undefined) {
            stage.addBatch(run, batchId, this.batches.now(), log.entries);
          }
          return { accepted: log.entries };
        },
      }),
    );
  }

  /** Nothing is done ahead for a call that will be refused, or that may have come before. */
  private async readyAhead(
    id: string,
    prepared: PreparedLog | Promise<PreparedLog>,
    access: Access,
    batchId: string | undefined,
  ): Promise<{ log: PreparedLog; ahead: AheadTables | undefined }> {
    const log = await prepared;
    const ahead = new AheadTables();
    const record = this.runIndex.seenBy(access).find(id)?.record;
    const isTaken = record && access.writes(record.project) && this.queue.takesNext(log.bytes);
    if (isTaken && (batchId === undefined || !this.batches.mayHave({ run: record.id, batchId }))) {
      await ahead.add(this.engine, record.id, log.tables);
    }
    return { log, ahead };
  }

  logEvents(id: string, request: EventsPost, access: Access): Promise<{ accepted: number }> {
    const events = wellFormed(request.events);
    return this.queue.add({
      bytes: 200 + bytesOf(events),
      stage: async (stage) => {
        const draft = this.require(stage, id, access);
        this.life.show(stage, draft);
        this.life.tell(stage, draft.record.id, events);
        return { accepted: events.length };
      },
    });
  }

  finish(id: string, request: RunFinish, access: Access): Promise<Run> {
    return this.queue.add({
      bytes: 500,
      stage: async (stage) => {
        const draft = this.require(stage, id, access);
        this.life.finish(stage, draft, request.state ?? 'finished');
        return this.viewOf(draft, id);
      },
    });
  }

  label(rowId: string, put: LabelPut, who: LabelPerson, access: Access): Promise<LabelAnswer> {
    const change = checkLabel(wellFormed(put), this.verdicts);
    return this.queue.add({
      bytes: 500 + bytesOf(change),
      stage: async (stage) => stageLabel(stage, this.engine, { rowId, change, who, time: this.clock.now() }, access),
    });
  }

  deleteRun(id: string, access: Access): Promise<{ deleted: string }> {
    return this.queue.add({
      bytes: 100,
      stage: async (stage) => {
        stage.delete(this.require(stage, id, access).record.id);
        return { deleted: id };
      },
    });
  }

  /**
   * Events of the store itself on the run of that key: no sign of life. Where it is gone they are left out, also where
   * another one has its id by now.
   */
  appendEvents(events: readonly RunEvent[], key: string | undefined): Promise<void> {
    return this.queue.add({
      bytes: 200 + bytesOf(events),
      stage: async (stage) => {
        const known = events.filter(({ run }) => stage.has(run) && stage.keyOf(run) === key);
        if (known.length > 0) {
          stage.changes.push({ kind: 'events', events: known });
        }
      },
    });
  }

  /** Records that runs fell silent, once for each silence. A run that was heard meanwhile did not. */
  markSilent(ids: readonly string[]): Promise<void> {
    return this.queue.add({
      bytes: 100,
      stage: async (stage) => {
        for (const id of ids) {
          const draft = stage.draft(id);
          if (draft && this.runIndex.isSilent(draft)) {
            this.life.fallSilent(stage, draft);
          }
        }
      },
    });
  }

  /** Deletes a run if `isOver` still holds of it when it is its turn. */
  deleteIf(id: string, isOver: (entry: Pick<RunEntry, 'record'>) => boolean): Promise<void> {
    return this.queue.add({
      bytes: 100,
      stage: async (stage) => {
        const draft = stage.draft(id);
        if (draft && isOver(draft)) {
          stage.delete(id);
        }
      },
    });
  }

  /** Batch ids of more than a day ago no longer matter. */
  forgetBatches(): Promise<void> {
    return this.queue.between(() => this.batches.forget());
  }

  between<T>(work: () => Promise<T>): Promise<T> {
    return this.queue.between(work);
  }

  /** Writes what waits, and takes no more. */
  close(): Promise<void> {
    return this.queue.close();
  }
}
