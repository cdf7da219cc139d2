import { type RefObject, useMemo, useRef, useState } from 'react';
import { lazyChunk, useChunk } from '../../lazy/lazyChunk';
import { OUTLINED } from '../conversation/outlined';
import type { TurnBadge } from '../conversation/PolicyChange';
import type { Section } from '../transcript/readTranscript';
import type { Timeline } from './readTimeline';
import type { TimelineView } from './TimelineView';

const parts = lazyChunk(() => import('./timelineParts'));
const NO_BADGES: ReadonlyMap<number, TurnBadge> = new Map();

interface ReaderTimeline {
  /** The timeline of the row; undefined for a row without one, and until its code is here. */
  timeline: Timeline | undefined;
  View: typeof TimelineView | undefined;
  /** The badges by turn of the conversation. */
  badges: ReadonlyMap<number, TurnBadge>;
  /** The turn of the timeline that one looks at; another row has none at first. */
  active: number | undefined;
  setActive: (turn: number) => void;
  /** True while the bars show; they stay so from row to row. */
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  /** The element with the bars. */
  strip: RefObject<HTMLDivElement | null>;
}

/** The timeline of a row, by its cell of the role `turns` and its conversation. */
export function useTimeline(row: string, cell: unknown, sections: readonly Section[]): ReaderTimeline {
  const said = sections.reduce((sum, { turns }) => sum + turns.length, 0);
  const code = useChunk(parts, (cell !== undefined && cell !== null) || said >= OUTLINED);
  const [looked, look] = useState<{ row: string; turn: number }>();
  const [isOpen, setOpen] = useState(true);
  const strip = useRef<HTMLDivElement>(null);
  const timeline = useMemo(() => code?.readTimeline(cell, sections), [code, cell, sections]);
  const badges = useMemo(() => (code && timeline ? code.badgesOf(timeline) : NO_BADGES), [code, timeline]);
  return {
    timeline,
    View: timeline && code?.TimelineView,
    badges,
    active: looked?.row === row ? looked.turn : undefined,
    setActive: (turn) => look({ row, turn }),
    isOpen,
    setOpen,
    strip,
  };
}
