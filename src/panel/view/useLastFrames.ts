import { type DataFrame, LoadingState, type PanelData } from '@grafana/data';
import { useState } from 'react';

/** The newest frames; while a refresh is under way or has failed without any, those of before. */
export function useLastFrames({ series, state }: PanelData): DataFrame[] {
  const [kept, setKept] = useState(series);
  const isAnswer = series.length > 0 || state === LoadingState.Done || state === LoadingState.Streaming;
  if (isAnswer && kept !== series) {
    setKept(series);
  }
  return isAnswer ? series : kept;
}
