import type { Page } from '../data/TableData';

/**
 * Says whether new data may take the place of what someone sees. While nobody reads, it always may. While someone does,
 * it may only where every row that shows stays where it is; otherwise it waits until it is asked for.
 */
export function mergeLive(shown: Page, next: Page, isReading: boolean): 'show' | 'wait' {
  if (!isReading) {
    return 'show';
  }
  if (next.offset !== shown.offset || next.count < shown.count) {
    return 'wait';
  }
  for (let row = 0; row < shown.count; row++) {
    if (shown.rowId(row) !== next.rowId(row)) {
      return 'wait';
    }
  }
  return 'show';
}

/** Returns the text of the chip that stands for data that waits. */
export function waitingText(shownTotal: number, nextTotal: number): string {
  const more = nextTotal - shownTotal;
  if (more === 0) {
    return 'Newer rows';
  }
  if (more < 0) {
    return more === -1 ? '1 row fewer' : `${-more} rows fewer`;
  }
  return more === 1 ? '1 new row' : `${more} new rows`;
}
