import { LIMITS } from '@rolloscope/contract';
import type { RunEvent } from '@rolloscope/contract/types';
import type { Change } from '../engine/Engine';
import type { MetricRoom } from '../engine/EngineReads';
import type { TableColumn } from '../engine/TableColumn';
import type { LeftOut } from '../formats/LeftOut';
import { inTurns, Turn } from '../Turn';
import type { AheadTables } from './AheadTables';
import type { PreparedLog, PreparedPoint, PreparedTable } from './prepareLog';
import type { RunDraft } from './RunDraft';
import { readyTable } from './readyTable';
import type { Stage } from './Stage';

/** Steps of a table whose late rows may turn out to be a resumed job's; of more the newest ones. */
export const MOST_BEHIND = 1_000;

/** Points that are added at one go. */
const PIECE = 16_384;

interface StageOptions {
  /** Attempts that the run may have, where that is less than the contract's limit. */
  mostAttempts?: number | undefined;
  /** Told what goes beyond the limits of a run, and is left out then; else it is refused (`Beyond`). */
  leftOut?: LeftOut | undefined;
  /** The tables of the call that were made ready before its commit. */
  ahead?: AheadTables | undefined;
}

/** Adds one log call to the commit under way: attempts, points, rows with their types, roles and derived columns. */
export async function stageLog(
  stage: Stage,
  draft: RunDraft,
  log: PreparedLog,
  { mostAttempts = LIMITS.attempts, leftOut, ahead }: StageOptions = {},
): Promise<void> {
  const maxAttempts = Math.min(mostAttempts, LIMITS.attempts);
  let points: PreparedPoint[] = [];
  const flush = () => {
    if (points.length > 0) {
      stage.addPoints({
        kind: 'points',
        run: draft.record.id,
        attempt: draft.attempt,
        metrics: points.map(({ metric }) => metric),
        steps: points.map(({ step }) => step),
        times: points.map(({ time }) => time),
        values: points.map(({ value }) => value),
      });
      points = [];
    }
  };
  // Rows are late by what was logged before this call: one that brings many steps has all its points first.
  const reachedBefore = new Map(draft.reached);
  const logged = stage.loggedSteps(draft);
  const turn = new Turn();
  let room: MetricRoom | undefined;
  for (const point of log.points) {
    if (turn.isOver) {
      await turn.next();
    }
    const isTakenOver = draft.record.rowMetrics?.includes(point.metric) ?? false;
    if (isTakenOver) {
      takeOver(draft, point);
    }
    const latest = draft.latestOf(point.metric);
    if (!latest) {
      room ??= await stage.engine.metricRoom(freshMetrics(draft, log.points));
      if (!stage.growth.addMetric(point.metric, draft.metrics, room, leftOut)) {
        continue;
      }
    }
    if (!isTakenOver && latest?.attempt === draft.attempt && point.step !== null && latest.step !== null) {
      if (point.step > latest.step) {
        draft.behind = undefined;
      } else if (point.step === latest.step) {
        markRewritten(draft);
      } else if (logged.has(point.metric, point.step, points)) {
        if (draft.attempt >= maxAttempts) {
          markRewritten(draft);
        } else {
          flush();
          logged.clear();
          beginAttempt(stage, draft, point.step, point.time);
        }
      }
    }
    points.push(point);
    logged.add(point);
    remember(draft, point);
    if (points.length === PIECE) {
      flush();
    }
  }
  flush();
  for (const table of log.tables) {
    await stageTable(stage, draft, table, reachedBefore, { mostAttempts: maxAttempts, leftOut, ahead });
  }
}

const freshMetrics = (draft: RunDraft, points: readonly PreparedPoint[]) => [
  ...new Set(points.flatMap(({ metric }) => (draft.latestOf(metric) ? [] : metric))),
];

/** The run logs itself what the store made of its rows by that name: it stands from now on, and is no return of the job. */
function takeOver(draft: RunDraft, { metric, step, time, value }: PreparedPoint): void {
  draft.record = { ...draft.record, rowMetrics: draft.record.rowMetrics?.filter((name) => name !== metric) ?? [] };
  draft.dirty = true;
  markRewritten(draft);
  draft.setLatest(metric, { attempt: draft.attempt, step, time, value });
}

/** The last step of a metric came again: reading takes the last point, and what was read before is no longer so. */
function markRewritten(draft: RunDraft): void {
  draft.rewrites = true;
  if (!draft.record.rewritten) {
    draft.record = { ...draft.record, rewritten: true };
    draft.dirty = true;
  }
}

/** A job went back to a checkpoint. Its rows of that step may have come before the points that tell so: they move along. */
function beginAttempt(stage: Stage, draft: RunDraft, fromStep: number, startedAt: number): void {
  const n = draft.attempt + 1;
  const { id, attempts } = draft.record;
  const event: RunEvent = {
    id: `attempt-${n}`,
    run: id,
    type: 'attempt',
    time: startedAt,
    step: fromStep,
    title: `Attempt ${n} resumed at step ${fromStep}${n === LIMITS.attempts ? '; later ones are not told apart' : ''}`,
  };
  stage.changes.push({ kind: 'events', events: [event] });
  draft.record = { ...draft.record, attempts: [...attempts, { n, startedAt, fromStep }] };
  draft.dirty = true;
  draft.rewrites = true;
  for (const [table, rows] of draft.behind ?? []) {
    const fromRow = rows.get(fromStep);
    if (fromRow !== undefined) {
      stage.changes.push({ kind: 'adopt', run: id, table, attempt: n, fromRow, step: fromStep });
      draft.reach(fromStep, startedAt);
    }
  }
  draft.behind = undefined;
}

function remember(draft: RunDraft, point: PreparedPoint): void {
  const { metric, step, time, value } = point;
  if (draft.record.attempts.length === 0) {
    draft.record = { ...draft.record, attempts: [{ n: 1, startedAt: time, fromStep: step ?? 0 }] };
    draft.dirty = true;
  }
  draft.offerLatest(metric, { attempt: draft.attempt, step, time, value });
  draft.reach(step, time);
}

async function stageTable(
  stage: Stage,
  draft: RunDraft,
  prepared: PreparedTable,
  reachedBefore: ReadonlyMap<number, number>,
  { mostAttempts = LIMITS.attempts, leftOut, ahead }: StageOptions,
): Promise<void> {
  const run = draft.record.id;
  const known = await stage.columnsOf(run, prepared.table);
  const ready = ahead?.find(prepared, known) ?? (await inTurns(readyTable(prepared, known)));
  const { contents } = ready.derived;
  const count = prepared.times.length;
  const hasContents = contents.some((content) => content !== null);
  const tellsDuplicates = hasContents && !ready.columns.some(({ name }) => name === 'duplicateOf');
  const columns: TableColumn[] = [...ready.columns, ...ready.derived.columns];
  const cells = [...ready.cells, ...ready.derived.cells];
  const duplicates = tellsDuplicates ? new Array<string | null>(count).fill(null) : undefined;
  if (duplicates) {
    columns.push({ name: 'duplicateOf', type: 'string', origin: 'derived' });
    cells.push(duplicates);
  }
  if (!(await stage.addColumns(run, prepared.table, columns, leftOut))) {
    return;
  }
  const firstRow = await stage.engine.reserveRows(count);
  if (hasContents) {
    stage.duplicates.add(run, prepared.table, { contents, firstRow, cells: duplicates });
  }
  if (draft.record.attempts.length === 0) {
    const fromStep = prepared.entryStep ?? 0;
    draft.record = { ...draft.record, attempts: [{ n: 1, startedAt: prepared.times[0] ?? Date.now(), fromStep }] };
    draft.dirty = true;
  }
  const change: Change = {
    kind: 'rows',
    run,
    attempt: draft.attempt,
    table: prepared.table,
    firstRow,
    entryStep: prepared.entryStep,
    columns,
    steps: prepared.steps,
    times: prepared.times,
    cells,
  };
  stage.changes.push(change);
  if (draft.attempt < mostAttempts) {
    markBehind(draft, prepared, firstRow, reachedBefore.get(draft.attempt));
  }
  if (count > 0) {
    draft.reach(prepared.entryStep, newest(prepared.times));
  }
}

/** Finds the newest time without spreading into arguments, of which there can only be so many. */
const newest = (times: readonly number[]) => times.reduce((most, time) => Math.max(most, time), 0);

/** Rows of a step that the attempt has left behind: late ones, or the first of a job that went back. */
function markBehind(
  draft: RunDraft,
  { table, entryStep }: PreparedTable,
  firstRow: number,
  reached: number | undefined,
): void {
  if (entryStep !== null && reached !== undefined && entryStep < reached) {
    const rows = new Map(draft.behind?.get(table));
    rows.set(entryStep, rows.get(entryStep) ?? firstRow);
    const [oldest] = rows.keys();
    if (rows.size > MOST_BEHIND && oldest !== undefined) {
      rows.delete(oldest);
    }
    draft.behind = new Map(draft.behind).set(table, rows);
  }
}
