import { useMemo, useState } from 'react';

export interface Folds {
  isOpen: (key: string, byDefault: boolean) => boolean;
  isThinkingOpen: (key: string, byDefault: boolean) => boolean;
  toggle: (key: string, isOpen: boolean) => void;
  /** All thinking: open, folded, or as each turn has it. */
  thinking: boolean | undefined;
  toggleThinking: () => void;
}

interface State {
  /** The row that `chosen` is about: another row begins with its own folds. */
  row: string;
  chosen: ReadonlyMap<string, boolean>;
}

/** Keeps what is folded in a row. Whether thinking shows is the reader's wish, and stays from row to row. */
export function useFolds(row: string, showsAll: boolean): Folds {
  const [state, setState] = useState<State>({ row, chosen: new Map() });
  const [thinking, setThinking] = useState<boolean>();
  return useMemo(() => {
    const chosen = state.row === row ? state.chosen : new Map<string, boolean>();
    const isOpen = (key: string, byDefault: boolean) => showsAll || (chosen.get(key) ?? byDefault);
    return {
      isOpen,
      isThinkingOpen: (key, byDefault) => isOpen(key, thinking ?? byDefault),
      toggle: (key, wasOpen) => setState({ row, chosen: new Map(chosen).set(key, !wasOpen) }),
      thinking,
      toggleThinking: () => {
        setThinking(thinking !== true);
        setState({ row, chosen: new Map() });
      },
    };
  }, [state, row, thinking, showsAll]);
}
