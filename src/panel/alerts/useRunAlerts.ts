import type { DataFrame } from '@grafana/data';
import { type AlertSource, isAlertSource } from '@rolloscope/contract/frames';
import { useMemo } from 'react';
import { useInstance } from '../../shared/useInstance';
import { rowsMeta } from '../data/readTable';

/** The way from a row to alert rules about its run. */
export interface RunAlerts extends Pick<AlertSource, 'alertOffers'> {
  /** The column whose cells are ids of runs. */
  column: string;
}

/** The column of a frame that names runs, and who answered it: a table of rows, or a list of runs. */
function runsOf(frame: DataFrame): { uid: string; column: string } | undefined {
  const meta = rowsMeta(frame);
  if (meta) {
    return { uid: meta.uid, column: 'run' };
  }
  const { uid, runs }: { uid?: unknown; runs?: unknown } = frame.meta?.custom?.rolloscope ?? {};
  return typeof uid === 'string' && Array.isArray(runs) ? { uid, column: 'id' } : undefined;
}

/** Returns undefined where rows have no runs, their data source does not answer, or the user may not make rules. */
export function useRunAlerts(frame: DataFrame | undefined, isFrozen: boolean): RunAlerts | undefined {
  const found = isFrozen || !frame ? undefined : runsOf(frame);
  const source = useInstance(found?.uid, isAlertSource);
  const column = found?.column;
  return useMemo(
    () =>
      source?.mayAlert() && column !== undefined
        ? { column, alertOffers: (run, signal) => source.alertOffers(run, signal) }
        : undefined,
    [source, column],
  );
}
