import { useRef, useState } from 'react';
import { jumpTo } from './jumpTo';

/** Turns drawn at once; an agent's rollout can have thousands. */
const TURNS = 50;

/** The number of turns of a conversation that are drawn, and the way to any of them. */
export interface DrawnTurns {
  most: number;
  more: () => void;
  /** Draws a turn, if it is not yet, and brings it into view. */
  go: (turn: number) => void;
  /** Has to be called whenever turns have been drawn: what was asked for may be there now. */
  arrive: () => void;
}

/** Another row begins with its first turns again. */
export function useDrawnTurns(row: string): DrawnTurns {
  const [state, setState] = useState({ row, windows: 1 });
  const wanted = useRef<number>(undefined);
  const windows = state.row === row ? state.windows : 1;
  return {
    most: windows * TURNS,
    more: () => setState({ row, windows: windows + 1 }),
    go: (turn) => {
      wanted.current = turn;
      setState({ row, windows: Math.max(windows, Math.ceil((turn + 1) / TURNS)) });
    },
    arrive: () => {
      if (wanted.current !== undefined && jumpTo(wanted.current, true)) {
        wanted.current = undefined;
      }
    },
  };
}
