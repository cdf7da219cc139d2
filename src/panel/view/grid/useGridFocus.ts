import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { HEIGHTS } from '../../table/panelLayout';

interface GridFocus {
  /** The row that Tab reaches. */
  active: number;
  setActive: (row: number) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** Returns the row that a key leads to from another; undefined for keys that move nothing. */
function rowAfterKey(key: string, row: number, count: number, pageful: number): number | undefined {
  const last = count - 1;
  const moves: Record<string, number> = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + pageful,
    PageUp: row - pageful,
    Home: 0,
    End: last,
  };
  const to = moves[key];
  return to === undefined ? undefined : Math.min(Math.max(to, 0), last);
}

/**
 * One tab stop for all rows of a page, moved by arrow keys, Page Up and Down, Home and End; Enter and Space open. After
 * `openRow` has closed, the focus is on it.
 */
export function useGridFocus(
  scroller: RefObject<HTMLDivElement | null>,
  count: number,
  rowHeight: number,
  openRow: number | undefined,
  onOpen: (row: number) => void,
): GridFocus {
  const [active, setActive] = useState(0);
  const wantsFocus = useRef(false);
  const lastOpen = useRef(openRow);
  const returning = useRef(0);

  const reveal = (row: number) => {
    const box = scroller.current;
    if (box) {
      const lowest = box.clientHeight - HEIGHTS.columnHeader;
      box.scrollTop = Math.min(Math.max(box.scrollTop, (row + 1) * rowHeight - lowest), row * rowHeight);
    }
  };
  const rowElement = (row: number) => scroller.current?.querySelector<HTMLElement>(`[data-row="${row}"]`);
  useLayoutEffect(() => {
    const row = wantsFocus.current && rowElement(active);
    if (row) {
      wantsFocus.current = false;
      row.focus({ preventScroll: true });
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only opening and closing move the focus
  useEffect(() => {
    const closed = openRow === undefined ? lastOpen.current : undefined;
    lastOpen.current = openRow;
    if (openRow !== undefined) {
      setActive(openRow);
      reveal(openRow);
    }
    if (closed === undefined) {
      return undefined;
    }
    setActive(closed);
    // The drawer lets go of the focus first.
    returning.current = requestAnimationFrame(() => rowElement(closed)?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(returning.current);
  }, [openRow]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.dataset.row === undefined) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(active);
      return;
    }
    const pageful = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const to = rowAfterKey(event.key, active, count, pageful);
    if (to !== undefined) {
      event.preventDefault();
      // Whoever walks on already is not taken back.
      cancelAnimationFrame(returning.current);
      wantsFocus.current = true;
      reveal(to);
      setActive(to);
    }
  };
  return { active: Math.min(active, Math.max(0, count - 1)), setActive, onKeyDown };
}
