import type { LabelSource } from '@rolloscope/contract/frames';
import { useEffect, useMemo, useState } from 'react';
import { type LabelsState, RowLabels } from './RowLabels';

/** The labels of a row, and the signed-in person's way to change theirs. */
export interface ShownLabels extends LabelsState, Pick<RowLabels, 'change' | 'undo'> {
  /** The signed-in person's name; empty where nobody is. */
  person: string;
  /** The reason why they may not label; undefined where they may. */
  why: string | undefined;
  /** Nobody can label here, and nobody has: there is nothing to show. */
  isVain: boolean;
}

const NO_TOKEN = 'The run store takes no labels here: it has no token for that.';

/** Follows a row's labels; returns undefined where rows have none: those of a frame of another data source. */
export function useRowLabels(source: LabelSource | undefined, rowId: string): ShownLabels | undefined {
  const who = useMemo(() => source?.labelling() ?? { why: '' }, [source]);
  const [person, why] = 'person' in who ? [who.person, undefined] : ['', who.why];
  const labels = useMemo(
    () =>
      source && rowId !== '' ? new RowLabels(source, rowId, person, (fault) => source.tellLost(fault)) : undefined,
    [source, rowId, person],
  );
  const [, draw] = useState<LabelsState>();
  useEffect(() => {
    if (!labels) {
      return undefined;
    }
    const leave = labels.subscribe(() => draw(labels.getState()));
    const stop = labels.follow(() => !document.hidden);
    return () => {
      stop();
      leave();
    };
  }, [labels]);
  if (!labels) {
    return undefined;
  }
  const state = labels.getState();
  return {
    ...state,
    change: (changes) => labels.change(changes),
    undo: () => labels.undo(),
    person,
    isVain: state.answer?.taken === false && state.answer.changes === 0,
    why: why ?? (state.answer?.taken === false ? NO_TOKEN : undefined),
  };
}
