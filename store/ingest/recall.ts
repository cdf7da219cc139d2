import type { Access } from '../Access';
import type { Engine } from '../engine/Engine';
import type { RunIndex } from '../runs/RunIndex';
import type { BatchMemory } from './BatchMemory';
import type { PreparedPoint } from './prepareLog';

/** A log call, as far as it may say what earlier commits said. */
export interface Asked {
  /** The id of the run, as whoever calls knows it. */
  id: string;
  access: Access;
  batchId: string | undefined;
  points: readonly PreparedPoint[];
}

/** The same, of a run by its id in the store. */
type OfRun = Omit<Asked, 'id' | 'access'> & { run: string };

/** The facts of earlier commits that a commit must know. */
export interface Recalled {
  /** Batches that are stored, by run and id, with what they accepted. */
  batches: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Those of the steps that come that have a point already, in the run's newest attempt, by run and metric. */
  steps: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<number>>>;
  /** The number of columns that all tables have. */
  columns: number;
}

/** Looks up for all calls of a commit at once what is stored of them: a statement for each kind, however many runs log. */
export async function recall(
  engine: Engine,
  runIndex: RunIndex,
  memory: BatchMemory,
  asked: readonly Asked[],
): Promise<Recalled> {
  // A run that is not there has nothing, and nothing is remembered of it.
  const known = asked.flatMap(({ id, access, ...what }) =>
    runIndex
      .seenBy(access)
      .called(id)
      .map(({ record }) => ({ run: record.id, ...what })),
  );
  const batches = await memory.find(
    known.flatMap(({ run, batchId }) => (batchId === undefined ? [] : [{ run, batchId }])),
  );
  const fresh = known.filter(({ run, batchId }) => batchId === undefined || !batches.get(run)?.has(batchId));
  const late = lateSteps(runIndex, fresh);
  const steps = late.length > 0 ? await engine.loggedSteps(late) : new Map();
  return { batches, steps, columns: await engine.columnCount() };
}

/** Steps of runs some points of which come for a step that the newest attempt may have a point at. */
function lateSteps(runIndex: RunIndex, asked: readonly OfRun[]) {
  const late = new Set(asked.filter((one) => hasLate(runIndex, one)).map(({ run }) => run));
  const runs = new Map<string, Map<string, Set<number>>>([...late].map((run) => [run, new Map()]));
  for (const { run, points } of asked) {
    const metrics = runs.get(run);
    for (const { metric, step } of metrics && points ? points : []) {
      if (step !== null) {
        const steps = metrics?.get(metric) ?? new Set();
        metrics?.set(metric, steps.add(step));
      }
    }
  }
  return [...runs].flatMap(([run, metrics]) => {
    const attempt = runIndex.get(run)?.record.attempts.at(-1)?.n ?? 1;
    return [...metrics].map(([metric, steps]) => ({ run, attempt, metric, steps }));
  });
}

/** Tells whether a point comes for a step before the newest of its metric, or of another point of the same call. */
function hasLate(runIndex: RunIndex, { run, points }: OfRun): boolean {
  const entry = runIndex.get(run);
  const newest = new Map<string, number>();
  return points.some(({ metric, step }) => {
    const latest = entry?.latest.get(metric);
    if (step === null || !latest) {
      return false;
    }
    const before = newest.get(metric) ?? latest.step;
    newest.set(metric, Math.max(step, before ?? step));
    return before === null || step < before;
  });
}
