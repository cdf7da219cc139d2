import { type RefObject, useEffect, useState } from 'react';
import type { Matcher } from '../../text/compileSearch';
import { MOST_HITS, textHits } from './textHits';

const ALL = 'rolloscope-hits';
const CURRENT = 'rolloscope-hit';

export interface HitSearch {
  count: number;
  isMore: boolean;
  /** The hit that one is at, counted from 0. */
  current: number;
  go: (by: -1 | 1) => void;
}

/**
 * Marks what is searched for in an element's own text, without touching its elements (the CSS Custom Highlight API;
 * where a browser has none, the current hit is selected), but for parts that are `data-unsearched`: they speak of the text. Text that is drawn later is searched as it comes.
 */
export function useTextSearch(root: RefObject<HTMLElement | null>, matcher: Matcher | undefined): HitSearch {
  const [ranges, setRanges] = useState<readonly Range[]>([]);
  const [current, setCurrent] = useState(0);

  useEffect(() => {
    const element = root.current;
    setCurrent(0);
    if (!element || !matcher) {
      setRanges([]);
      return undefined;
    }
    let waiting: number | undefined;
    const find = () => {
      waiting = undefined;
      setRanges(findRanges(element, matcher));
    };
    const soon = () => {
      waiting ??= window.setTimeout(find, 150);
    };
    soon();
    const observer = new MutationObserver(soon);
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => {
      observer.disconnect();
      window.clearTimeout(waiting);
    };
  }, [root, matcher]);

  useEffect(() => {
    const range = ranges[current];
    const highlights = 'highlights' in CSS ? CSS.highlights : undefined;
    if (highlights && ranges.length > 0) {
      highlights.set(ALL, new Highlight(...ranges));
      highlights.set(CURRENT, new Highlight(...(range ? [range] : [])));
    } else if (range) {
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
    return () => {
      highlights?.delete(ALL);
      highlights?.delete(CURRENT);
    };
  }, [ranges, current]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new hits that are found later do not move the page
  useEffect(() => {
    const range = ranges[current];
    if (range) {
      range.startContainer.parentElement?.scrollIntoView({ block: 'nearest' });
      reveal(range, root.current);
    }
  }, [current, ranges.length > 0]);

  return {
    count: ranges.length,
    isMore: ranges.length >= MOST_HITS,
    current: Math.min(current, Math.max(0, ranges.length - 1)),
    go: (by) => setCurrent((at) => (ranges.length === 0 ? 0 : (at + by + ranges.length) % ranges.length)),
  };
}

function findRanges(element: HTMLElement, matcher: Matcher): Range[] {
  const nodes: Text[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
    node instanceof Text
      ? NodeFilter.FILTER_ACCEPT
      : node instanceof HTMLElement && node.dataset.unsearched !== undefined
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_SKIP,
  );
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) {
      nodes.push(node);
    }
  }
  const hits = textHits(
    nodes.map(({ data }) => data),
    matcher,
  );
  return hits.flatMap(({ from, to }) => {
    const [start, end] = [nodes[from.text], nodes[to.text]];
    if (!start || !end) {
      return [];
    }
    const range = document.createRange();
    range.setStart(start, from.at);
    range.setEnd(end, to.at);
    return [range];
  });
}

/** Within a long paragraph the hit itself comes into view. */
function reveal(range: Range, scroller: HTMLElement | null): void {
  const box = scroller?.getBoundingClientRect();
  const hit = range.getBoundingClientRect();
  if (scroller && box && (hit.top < box.top || hit.bottom > box.bottom)) {
    scroller.scrollTop += hit.top - box.top - box.height / 3;
  }
}

/** The style of hits, for the element that is searched. */
export const HIT_NAMES = { all: ALL, current: CURRENT } as const;
