import type { DataFrame } from '@grafana/data';
import type { RunsFrameMeta } from '@rolloscope/contract/frames';
import type { Run } from '@rolloscope/contract/types';
import { runColor } from './seriesStyle';

/** A frame of runs with what a panel needs to ask for their metrics. */
export function withRunsMeta(frame: DataFrame, runs: readonly Run[], uid: string): DataFrame {
  const named = (name: string) => runs.filter((run) => run.name === name).length;
  const rolloscope: RunsFrameMeta = {
    uid,
    runs: runs.map((run) => ({
      id: run.id,
      project: run.project,
      label: named(run.name) > 1 && run.name !== run.id ? `${run.name} (${run.id})` : run.name,
      color: runColor(run),
      state: run.state,
      createdAt: run.createdAt,
      updatedAt: run.updatedAt,
    })),
  };
  return { ...frame, meta: { ...frame.meta, custom: { ...frame.meta?.custom, rolloscope } } };
}
