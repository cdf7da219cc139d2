import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { Span } from './axisFilter';
import type { Brush } from './HeatOverlay';
import { type HeatLayout, type Spot, spotAt } from './heatLayout';

interface Options {
  layout: HeatLayout;
  columns: number;
  rows: number;
  brush: Brush;
  onBrush: (brush: Brush) => void;
}

const span = (a: number, b: number): Span => [Math.min(a, b), Math.max(a, b)];

/** Spans ranges of both axes from one spot to another, or of the one axis beside whose labels the drag began. */
function between(from: Spot, to: Spot): Brush {
  return {
    ...(from.column !== undefined && { x: span(from.column, to.column ?? 0) }),
    ...(from.row !== undefined && { y: span(from.row, to.row ?? 0) }),
  };
}

/**
 * Choosing cells by pointer (click, drag, or along an axis) and by keyboard (arrows move, with Shift they extend, Enter
 * takes the cell, Space its whole column, Escape clears).
 */
export function useBrush({ layout, columns, rows, brush, onBrush }: Options) {
  const [spot, setSpot] = useState<Spot>();
  const [pending, setPending] = useState<Brush>();
  const anchor = useRef<Spot | undefined>(undefined);

  const read = (event: PointerEvent<HTMLElement>, isDrag: boolean): Spot => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    // A drag may leave the cells, and still means the nearest ones.
    const inside = isDrag
      ? ([Math.max(x, layout.left), Math.min(y, layout.top + layout.height)] as const)
      : ([x, y] as const);
    return spotAt(layout, columns, rows, ...inside);
  };
  const handlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button === 0) {
        event.currentTarget.setPointerCapture(event.pointerId);
        anchor.current = read(event, false);
        setPending(between(anchor.current, anchor.current));
      }
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const from = anchor.current;
      setSpot(read(event, from !== undefined));
      if (from) {
        setPending(between(from, read(event, true)));
      }
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      const from = anchor.current;
      anchor.current = undefined;
      setPending(undefined);
      if (from && (from.column !== undefined || from.row !== undefined)) {
        onBrush(between(from, read(event, true)));
      }
    },
    onPointerCancel() {
      anchor.current = undefined;
      setPending(undefined);
    },
    onPointerLeave() {
      if (!anchor.current) {
        setSpot(undefined);
      }
    },
    onBlur() {
      setSpot(undefined);
      setPending(undefined);
      anchor.current = undefined;
    },
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      const { key, shiftKey } = event;
      const at = { column: spot?.column ?? brush.x?.[0] ?? 0, row: spot?.row ?? brush.y?.[0] ?? 0 };
      const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
      const moves: Record<string, [number, number]> = {
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        ArrowUp: [0, 1],
        ArrowDown: [0, -1],
        Home: [-columns, 0],
        End: [columns, 0],
      };
      const move = moves[key];
      if (move) {
        const next = { column: clamp(at.column + move[0], columns), row: clamp(at.row + move[1], rows) };
        const isFirst = spot === undefined;
        setSpot(isFirst && !shiftKey ? at : next);
        if (shiftKey) {
          anchor.current ??= at;
          setPending(between(anchor.current, next));
        } else {
          anchor.current = undefined;
          setPending(undefined);
        }
      } else if (key === 'Enter' || key === ' ') {
        onBrush(pending ?? (key === ' ' ? { x: span(at.column, at.column) } : between(at, at)));
        anchor.current = undefined;
        setPending(undefined);
      } else if (key === 'Escape' && (pending || brush.x || brush.y)) {
        if (!pending) {
          onBrush({});
        }
        anchor.current = undefined;
        setPending(undefined);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return { spot, shown: pending ?? brush, handlers };
}
