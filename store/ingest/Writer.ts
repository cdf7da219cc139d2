import { randomBytes } from 'node:crypto';
import { DEFAULT_VERDICTS, LIMITS } from '@rolloscope/contract';
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
import { type Access, requireWrites, sees } from '../Access';
import { CLOCK, type Clock } from '../Clock';
import type { Change, Commits, Engine, RunRecord } from '../engine/Engine';
import { noRow, parseRowId } from '../engine/rowId';
import { LeftOut } from '../formats/LeftOut';
import { jsonBytes } from '../json/jsonBytes';
import { wellFormed } from '../json/wellFormed';
import type { RunEntry } from '../runs/RunEntry';
import { type RunIndex, silentState } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import type { LabelPerson, LogExtras, OpenedRun, OpenRun, PutExtras, Writing } from '../services';
import { soonOrInTurns } from '../Turn';
import { toLabel } from '../toLabel';
import { addRowMetrics } from './addRowMetrics';
import { BatchMemory } from './BatchMemory';
import { CommitQueue } from './CommitQueue';
import { checkLabel } from './checkLabel';
import { describeRun } from './describeRun';
import { InOrder } from './InOrder';
import { KnownContents } from './KnownContents';
import { KnownSteps } from './KnownSteps';
import { prepareLog } from './prepareLog';
import { RunDraft } from './RunDraft';
import { type Asked, recall } from './recall';
import { Stage } from './Stage';
import { stageLog } from './stageLog';

/** The event that tells how a run came to a state. */
const EVENT_OF_STATE = { running: 'reopen', finished: 'finish', failed: 'failed', crashed: 'crash' } as const;
/** A sign of life that changes nothing else is written at most so often. */
const LIFE_SIGN_MS = 10_000;

/** What a call takes while it waits, roughly: to write all of it as JSON would block others. */
const bytesOf = (body: unknown) => jsonBytes(body, Number.POSITIVE_INFINITY);

/** The writing half: every call becomes a job of one queue, and is answered after its commit. */
export class Writer implements Writing, Commits {
  private readonly batches: BatchMemory;
  private readonly contents = new KnownContents();
  private readonly steps = new KnownSteps();
  /** By run: when its record was last written, by the steady clock. */
  private readonly persistedAt = new Map<string, number>();
  /** Log calls of each run. */
  private readonly arrivals = new InOrder();
  private readonly queue: CommitQueue<Stage, Asked>;
  /** Told of every commit once it is durable and remembered. It must not throw: nothing can be undone any more. */
  onCommit: ((changes: readonly Change[], position: number, milliseconds: number) => void) | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly clock: Clock = CLOCK,
    /** What a verdict may be. */
    private readonly verdicts: readonly string[] = DEFAULT_VERDICTS,
  ) {
    this.batches = new BatchMemory(engine, clock.steady);
    this.queue = new CommitQueue(
      async (asked) => new Stage(engine, runIndex, await recall(engine, runIndex, this.batches, asked)),
      (stage) => this.commit(stage),
    );
  }

  get isIdle(): boolean {
    return this.queue.isIdle;
  }

  private now(): number {
    return this.clock.now();
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
      stage: async (stage) => {
        const { project } = body;
        requireWrites(access, project);
        const known = stage.find(id, access);
        if (known && known.record.project !== project) {
          const where = JSON.stringify(known.record.project);
          throw new StoreError('project_conflict', `The run ${JSON.stringify(id)} exists in another project ${where}.`);
        }
        if (known && extras.clientId !== undefined && extras.clientId !== known.record.clientId) {
          throw new StoreError('project_conflict', `The run ${JSON.stringify(id)} exists, and is another one.`);
        }
        const draft = known ?? this.create(stage, id.toWellFormed(), body);
        this.describe(stage, draft, body, extras);
        return this.viewOf(draft, id);
      },
    });
  }

  openRun({ ids, put, change = {}, clientId, endsSilently }: OpenRun, access: Access): Promise<OpenedRun> {
    const body = wellFormed(put);
    return this.queue.add({
      bytes: 1_000 + bytesOf(body),
      stage: async (stage) => {
        const { project } = body;
        requireWrites(access, project);
        const extras = {
          ...(clientId !== undefined && { clientId }),
          ...(endsSilently && { endsSilently }),
          leaves: true,
        };
        const known =
          clientId === undefined
            ? undefined
            : ids.map((id) => stage.inProject(project, id)).find((draft) => draft?.record.clientId === clientId);
        if (known) {
          this.describe(stage, known, { project, ...wellFormed(change) }, extras);
          return { id: known.record.id, isNew: false };
        }
        const free = ids.find((id) => !stage.find(id, access));
        if (free === undefined) {
          const shown = JSON.stringify(body.name ?? ids[0]);
          throw new StoreError('project_conflict', `Every id that the run ${shown} could have is taken.`);
        }
        const draft = this.create(stage, free.toWellFormed(), body);
        this.describe(stage, draft, body, extras);
        return { id: draft.record.id, isNew: true };
      },
    });
  }

  /** Takes what a run is told to be. */
  private describe(stage: Stage, draft: RunDraft, body: RunPut, { leaves, ...extras }: PutExtras): void {
    const before = draft.isNew ? undefined : draft.record;
    const leftOut = leaves ? new LeftOut(new Set()) : undefined;
    const after = { ...describeRun(draft.record, body, this.now(), leftOut), ...extras };
    draft.record = stage.growth.describe(before, after, leftOut);
    draft.heardAt = this.clock.steady();
    draft.dirty = true;
    this.tell(stage, draft.record.id, leftOut);
  }

  /** Says as events of the run what was left out. */
  private tell(stage: Stage, run: string, leftOut: LeftOut | undefined): void {
    const events = leftOut?.events(this.now()) ?? [];
    if (events.length > 0) {
      stage.changes.push({ kind: 'events', events: this.complete(run, events) });
    }
  }

  /** `given` is the run's id, unless a run has it that the caller may not see: then it is so in its own project. */
  private create(stage: Stage, given: string, put: RunPut): RunDraft {
    const now = this.now();
    const time = put.startedAt ?? now;
    const key = randomBytes(6).toString('hex');
    const isTaken = stage.has(given);
    const id = isTaken ? `${[...given].slice(0, LIMITS.nameChars - 1 - key.length).join('')}~${key}` : given;
    const record: RunRecord = {
      id,
      ...(isTaken && { localId: given }),
      key,
      project: put.project,
      name: put.name ?? given,
      state: 'running',
      tags: [],
      config: {},
      createdAt: time,
      // A start that lies ahead is no sign of life to come.
      updatedAt: Math.min(time, now),
      attempts: [],
      archived: false,
      number: stage.nextNumber(put.project),
    };
    const draft = new RunDraft(undefined, record, this.clock.steady());
    stage.add(draft);
    stage.changes.push({
      kind: 'events',
      events: [{ id: 'start', run: id, type: 'start', time, title: `${record.name} started` }],
    });
    return draft;
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
    return this.arrivals.go(id, soonOrInTurns(prepareLog(request, this.now())), (log) =>
      this.queue.add({
        bytes: log.bytes + texts,
        asks: { id, access, batchId, points: log.points },
        stage: async (stage) => {
          const draft = this.require(stage, id, access);
          const run = draft.record.id;
          const known = batchId === undefined ? undefined : stage.acceptedBefore(run, batchId);
          this.showLife(stage, draft, keepsState);
          if (known !== undefined) {
            return { accepted: known };
          }
          await stageLog(stage, draft, log, { mostAttempts: maxAttempts, leftOut });
          for (const [key, value] of state ?? []) {
            stage.changes.push({ kind: 'adapterState', run, key, value });
          }
          if (events) {
            stage.changes.push({ kind: 'events', events: this.complete(run, events) });
          }
          this.tell(stage, run, leftOut);
          if (batchId !== undefined) {
            stage.addBatch(run, batchId, this.batches.now(), log.entries);
          }
          return { accepted: log.entries };
        },
      }),
    );
  }

  /** Any log call is a sign of life; it reopens a run that had ended, or, with `keepsState`, one that had fallen silent. */
  private showLife(stage: Stage, draft: RunDraft, keepsState = false): void {
    const { finishedAt: _, ...record } = draft.record;
    const isOver = draft.record.state === 'crashed' || (draft.record.state !== 'running' && !keepsState);
    const time = this.timeOf(draft, isOver);
    draft.heardAt = this.clock.steady();
    if (isOver) {
      draft.record = { ...record, state: 'running', updatedAt: time };
      draft.dirty = true;
      const title = `${record.name} logs again`;
      const event: RunEvent = { id: `reopen-${time}`, run: record.id, type: 'reopen', time, title };
      stage.changes.push({ kind: 'events', events: [event] });
    } else {
      draft.record = { ...draft.record, updatedAt: time };
    }
  }

  /**
   * The time of a sign of life: never before the last one, whatever the clock says. Events of a change of state are named
   * by it, so it comes after the last change.
   */
  private timeOf({ record }: RunDraft, isChange: boolean): number {
    return Math.max(record.updatedAt + (isChange ? 1 : 0), this.now());
  }

  logEvents(id: string, request: EventsPost, access: Access): Promise<{ accepted: number }> {
    const events = wellFormed(request.events);
    return this.queue.add({
      bytes: 200 + bytesOf(events),
      stage: async (stage) => {
        const draft = this.require(stage, id, access);
        this.showLife(stage, draft);
        stage.changes.push({ kind: 'events', events: this.complete(draft.record.id, events) });
        return { accepted: events.length };
      },
    });
  }

  private complete(run: string, events: EventsPost['events']): RunEvent[] {
    const now = this.now();
    return events.map((event, i) => ({
      ...event,
      id: event.id ?? `${now}-${i}-${Math.random().toString(36).slice(2, 10)}`,
      run,
      time: event.time ?? now,
    }));
  }

  finish(id: string, request: RunFinish, access: Access): Promise<Run> {
    return this.queue.add({
      bytes: 500,
      stage: async (stage) => {
        const draft = this.require(stage, id, access);
        const state = request.state ?? 'finished';
        const { finishedAt: _, ...record } = draft.record;
        draft.heardAt = this.clock.steady();
        if (draft.record.state !== state) {
          const time = this.timeOf(draft, true);
          draft.record = { ...record, state, updatedAt: time, ...(state !== 'running' && { finishedAt: time }) };
          draft.dirty = true;
          const event = { id: `finish-${time}`, run: record.id, type: EVENT_OF_STATE[state], time };
          stage.changes.push({ kind: 'events', events: [{ ...event, title: `${record.name} ${state}` }] });
        }
        return this.viewOf(draft, id);
      },
    });
  }

  label(rowId: string, put: LabelPut, who: LabelPerson, access: Access): Promise<LabelAnswer> {
    const change = checkLabel(wellFormed(put), this.verdicts);
    return this.queue.add({
      bytes: 500 + bytesOf(change),
      stage: async (stage) => {
        const row = parseRowId(this.engine.storeId, rowId);
        const rollout = row === undefined ? undefined : await this.engine.rolloutOf(row);
        const project = rollout && stage.projectOfStored(rollout.run);
        if (!rollout || project === undefined || !sees(access, project)) {
          throw noRow(rowId);
        }
        if (!access.labels(project)) {
          const where = JSON.stringify(project);
          throw new StoreError('not_allowed', `The token may not label rollouts of the project ${where}.`);
        }
        const { entry, isChange } = await stage.labels.add(this.engine, rollout, change, who, this.now());
        if (isChange) {
          stage.changes.push({ kind: 'label', rollout, label: entry });
        }
        return { label: toLabel(entry) };
      },
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
            const { updatedAt, name } = draft.record;
            const state = silentState(draft.record);
            draft.record = { ...draft.record, state, ...(state === 'finished' && { finishedAt: updatedAt }) };
            draft.dirty = true;
            const type = EVENT_OF_STATE[state];
            const event = { id: `${type}-${updatedAt}`, run: id, type, time: updatedAt };
            stage.changes.push({ kind: 'events', events: [{ ...event, title: `${name} fell silent` }] });
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
