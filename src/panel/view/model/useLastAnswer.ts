import { type DataFrame, LoadingState, type PanelData, type TimeRange } from '@grafana/data';
import { useState } from 'react';

interface LastAnswer {
  frames: DataFrame[];
  /** The time range that was asked for, as it was at that moment. */
  timeRange: TimeRange;
}

/**
 * The newest frames with the time range that they were asked for; while a refresh is under way or has failed without any,
 * those of before. A relative range moves with every refresh, so it counts only together with what came of it.
 */
export function useLastAnswer({ series, state, timeRange }: PanelData): LastAnswer {
  const [kept, keep] = useState<LastAnswer>({ frames: series, timeRange });
  const isSettled = state === LoadingState.Done || state === LoadingState.Streaming;
  const isNew = kept.frames !== series || (isSettled && kept.timeRange !== timeRange);
  if (!isNew || !(isSettled || series.length > 0)) {
    return kept;
  }
  const next = { frames: series, timeRange };
  keep(next);
  return next;
}
