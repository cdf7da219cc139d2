import { useLayoutEffect, useState } from 'react';
import type { TableData } from '../../data/TableData';
import { LivePage, type LiveView, type WantedPage } from '../../table/LivePage';

/** The view of a table while a page of its newest state is wanted, and what a person can ask for beyond it. */
export interface ShownPage extends LiveView, Pick<LivePage, 'showNewest' | 'retry'> {}

/** A `LivePage` on the screen. `isReading`: a person reads, whom new data must not disturb. */
export function useLivePage(latest: TableData, wanted: WantedPage, isReading: boolean): ShownPage {
  const [live] = useState(() => new LivePage(latest, wanted));
  const [{ ask }, setState] = useState(live.getState);
  // It comes before the effect below, whose first change is to be drawn at once.
  useLayoutEffect(() => live.subscribe(() => setState(live.getState())), [live]);
  live.isReading = isReading;
  const request = JSON.stringify(wanted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `request` stands for `wanted`, and `ask` is a wish for more
  useLayoutEffect(() => live.follow(latest, wanted), [live, latest, request, ask]);
  return { ...live.view(latest, wanted), showNewest: live.showNewest, retry: live.retry };
}
