import type { RunEvent } from '@rolloscope/contract/types';
import type { Change, PointsChange, RowsChange, RunRecord } from './Engine';

export type Adoption = Extract<Change, { kind: 'adopt' }>;
export type BatchChange = Extract<Change, { kind: 'batch' }>;
export type LabelChange = Extract<Change, { kind: 'label' }>;
export type AdapterStateChange = Extract<Change, { kind: 'adapterState' }>;

/** The changes that a commit leaves of one run. */
interface RunChanges {
  record?: RunRecord;
  points: PointsChange[];
  rows: RowsChange[];
  adoptions: Adoption[];
  events: RunEvent[];
  batches: BatchChange[];
  adapterState: AdapterStateChange[];
  labels: LabelChange[];
}

/** A commit by kind, over all runs, so that each kind is written at once. */
export interface SortedChanges {
  /** Runs that go with all that earlier commits wrote of them; a new one may have the same id. */
  deleted: string[];
  /** The attempts of rows that earlier commits wrote; rows of this one have their own. */
  adoptions: Adoption[];
  records: RunRecord[];
  points: PointsChange[];
  /** Changes of rows, in the order of their rows' numbers. */
  rows: RowsChange[];
  events: RunEvent[];
  batches: BatchChange[];
  adapterState: AdapterStateChange[];
  labels: LabelChange[];
}

/**
 * Sorts a commit's changes in memory: what is of a run that is deleted later in the commit, or moves to a later attempt,
 * is settled before anything is written. So a commit takes as many statements as it has kinds and tables, however many
 * runs log.
 */
export function sortChanges(changes: readonly Change[]): SortedChanges {
  const runs = new Map<string, RunChanges>();
  const deleted = new Set<string>();
  let firstRow = Number.POSITIVE_INFINITY;
  for (const change of changes) {
    firstRow = change.kind === 'rows' ? Math.min(firstRow, change.firstRow) : firstRow;
  }
  const of = (run: string): RunChanges => {
    const known = runs.get(run);
    const own = known ?? { points: [], rows: [], adoptions: [], events: [], batches: [], adapterState: [], labels: [] };
    if (!known) {
      runs.set(run, own);
    }
    return own;
  };
  for (const change of changes) {
    switch (change.kind) {
      case 'run':
        of(change.run.id).record = change.run;
        break;
      case 'points':
        of(change.run).points.push(change);
        break;
      case 'rows':
        of(change.run).rows.push(change);
        break;
      case 'adopt':
        adopt(of(change.run).rows, change);
        if (change.fromRow < firstRow) {
          of(change.run).adoptions.push(change);
        }
        break;
      case 'events':
        for (const event of change.events) {
          of(event.run).events.push(event);
        }
        break;
      case 'batch':
        of(change.run).batches.push(change);
        break;
      case 'adapterState':
        of(change.run).adapterState.push(change);
        break;
      case 'label':
        of(change.rollout.run).labels.push(change);
        break;
      case 'delete':
        deleted.add(change.run);
        runs.delete(change.run);
        break;
    }
  }
  const all = [...runs.values()];
  return {
    deleted: [...deleted],
    adoptions: all.flatMap(({ adoptions }) => adoptions),
    records: all.flatMap(({ record }) => record ?? []),
    points: all.flatMap(({ points }) => points),
    rows: all.flatMap(({ rows }) => rows).sort((a, b) => a.firstRow - b.firstRow),
    events: all.flatMap(({ events }) => events),
    batches: all.flatMap(({ batches }) => batches),
    adapterState: all.flatMap(({ adapterState }) => adapterState),
    labels: all.flatMap(({ labels }) => labels),
  };
}

/** Moves the rows of a step, from a number on, to a later attempt. */
function adopt(rows: RowsChange[], { table, attempt, fromRow, step }: Adoption): void {
  for (let i = rows.length - 1; i >= 0; i--) {
    const one = rows[i] as RowsChange;
    if (one.firstRow + one.times.length <= fromRow) {
      return;
    }
    if (one.table === table && one.entryStep === step) {
      const before = Math.max(0, fromRow - one.firstRow);
      rows.splice(i, 1, ...(before > 0 ? [cut(one, 0, before)] : []), { ...cut(one, before), attempt });
    }
  }
}

function cut(rows: RowsChange, from: number, to?: number): RowsChange {
  const { steps, times, cells, firstRow } = rows;
  return {
    ...rows,
    firstRow: firstRow + from,
    steps: steps.slice(from, to),
    times: times.slice(from, to),
    cells: cells.map((column) => column.slice(from, to)),
  };
}
