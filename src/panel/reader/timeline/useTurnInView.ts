import { type RefObject, useEffect, useState } from 'react';
import { MARKED, TURNS, turnOfElement } from '../conversation/turnTitle';

/** Pixels below the upper edge at which a turn counts as the one that is read. */
const READING_LINE = 40;

/**
 * Tells which turn of the conversation is read: the one that was jumped to as long as it shows, else the uppermost;
 * undefined where none shows. `key` is of the row.
 */
export function useTurnInView(body: RefObject<HTMLElement | null>, key: string): number | undefined {
  const [turn, setTurn] = useState<number>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row has other turns
  useEffect(() => {
    const scroller = body.current;
    if (!scroller) {
      return undefined;
    }
    let frame: number | undefined;
    const look = () => {
      frame = undefined;
      setTurn(turnIn(scroller));
    };
    const soon = () => {
      frame ??= requestAnimationFrame(look);
    };
    soon();
    scroller.addEventListener('scroll', soon, { passive: true });
    // What is drawn, folded or jumped to changes what shows without a scroll.
    const observer = new MutationObserver(soon);
    observer.observe(scroller, { childList: true, subtree: true, attributes: true, attributeFilter: [MARKED] });
    return () => {
      scroller.removeEventListener('scroll', soon);
      observer.disconnect();
      if (frame !== undefined) {
        cancelAnimationFrame(frame);
      }
    };
  }, [body, key]);
  return turn;
}

function turnIn(scroller: HTMLElement): number | undefined {
  const { top, bottom } = scroller.getBoundingClientRect();
  const marked = scroller.querySelector(`[${MARKED}]`);
  const box = marked?.getBoundingClientRect();
  if (marked && box && box.bottom > top && box.top < bottom) {
    return turnOfElement(marked);
  }
  const all = scroller.querySelectorAll(TURNS);
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.getBoundingClientRect().bottom ?? 0) > top + READING_LINE) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  const found = all[low];
  return found && found.getBoundingClientRect().top < bottom ? turnOfElement(found) : undefined;
}
