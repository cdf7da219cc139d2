import type { Lens } from '@rolloscope/contract/names';
import { useMemo } from 'react';
import type { Narrowing, TableColumn } from '../../data/TableData';
import { narrowingOf } from '../../table/narrowingOf';
import type { ViewState } from '../../table/ViewState';

/** Returns what narrows the table, the same object until something in it changes. */
export function useNarrowing(view: ViewState, columns: readonly TableColumn[], lens: Lens | undefined): Narrowing {
  const { orderBy, filter, search } = view;
  const chosen = view.lens ?? (orderBy.length === 0 ? lens : undefined);
  return useMemo(
    () => narrowingOf({ orderBy, filter, search, lens: chosen }, columns),
    [orderBy, filter, search, chosen, columns],
  );
}
