import type { OrderBy } from '@rolloscope/contract/types';

/** What a viewer has changed, and nothing that can be derived: plain values, so that it can travel in an address. */
export interface ViewState {
  /** `TableData.key` of the table that the place belongs to. */
  subject: string;
  /** A row of the page that shows. A row, not a page, so that a resize keeps the place. */
  anchor: number;
  /** Empty: the order of the query. */
  orderBy: OrderBy;
  /** Names in order; undefined: as the panel's options say. */
  columns: readonly string[] | undefined;
  /** The row that is open, counted from 0 over the whole table. */
  open: number | undefined;
}

export type ViewAction =
  | { type: 'show'; subject: string }
  | { type: 'goTo'; anchor: number }
  | { type: 'sort'; column: string }
  | { type: 'setColumns'; columns: readonly string[] }
  | { type: 'open'; row: number }
  | { type: 'close' }
  | { type: 'reset' };

export function initialView(subject: string): ViewState {
  return { subject, anchor: 0, orderBy: [], columns: undefined, open: undefined };
}

/** The one way that the state changes. */
export function changeView(state: ViewState, action: ViewAction): ViewState {
  switch (action.type) {
    case 'show':
      // Another table: its rows are others, but columns and order are the viewer's way of reading.
      return action.subject === state.subject
        ? state
        : { ...state, subject: action.subject, anchor: 0, open: undefined };
    case 'goTo':
      return { ...state, anchor: Math.max(0, action.anchor), open: undefined };
    case 'sort':
      return { ...state, orderBy: nextOrder(state.orderBy, action.column), anchor: 0, open: undefined };
    case 'setColumns':
      return { ...state, columns: action.columns };
    case 'open':
      return { ...state, open: action.row, anchor: action.row };
    case 'close':
      return { ...state, open: undefined };
    case 'reset':
      return initialView(state.subject);
  }
}

/** Ascending, then descending, then the query's own order. */
function nextOrder(orderBy: OrderBy, column: string): OrderBy {
  const direction = orderBy.find((entry) => entry.column === column)?.direction;
  if (direction === 'desc') {
    return [];
  }
  return [{ column, direction: direction === 'asc' ? 'desc' : 'asc' }];
}
