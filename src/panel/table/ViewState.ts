import type { Condition, Lens, OrderBy, Search } from '@rolloscope/contract/types';

/** A search as the panel has it: always with its mode. */
export type ViewSearch = Exclude<Search, string>;

/** The row that is open, counted from 0 over the rows that the view shows. */
export interface OpenRow {
  row: number;
  /** The id that finds it again wherever it has moved to; left out until its page has come. */
  rowId?: string;
}

/** A viewer's changes, and nothing that can be derived: plain values, so that they can travel in an address. */
export interface ViewState {
  /** `subjectOf(TableData.key)`: the table that the place belongs to. */
  subject: string;
  /** The number of the table among the panel's, from 0. */
  table: number;
  /** A row of the page that shows. A row, not a page, so that a resize keeps the place. */
  anchor: number;
  /** The order of the rows, first entry first; empty: that of the lens, else of the query. */
  orderBy: OrderBy;
  /** Conditions, all of which must hold. */
  filter: readonly Condition[];
  search: ViewSearch | undefined;
  lens: Lens | undefined;
  /** Names of columns in order; undefined: as the panel's options say. */
  columns: readonly string[] | undefined;
  /** Names of columns that stay at the left edge; undefined: as the panel's options say. */
  pinned: readonly string[] | undefined;
  /** Pixels of columns that someone has resized. */
  widths: Readonly<Record<string, number>>;
  /** True where the distribution above the table is open; undefined: as the panel's options say. */
  distribution: boolean | undefined;
  open: OpenRow | undefined;
}

export type ViewAction =
  | { type: 'show'; subject: string }
  | { type: 'chooseTable'; table: number }
  | { type: 'goTo'; anchor: number }
  /** `add`: beside the columns that count already, else instead of them. */
  | { type: 'sort'; column: string; add?: boolean }
  | { type: 'setOrder'; orderBy: OrderBy }
  /** Takes the place of every condition on that column; none removes them. */
  | { type: 'filterColumn'; column: string; conditions: readonly Condition[] }
  | { type: 'clearFilter' }
  /** No filter, no search, no lens: every row of the query. */
  | { type: 'showAll' }
  | { type: 'search'; search: ViewSearch | undefined }
  | { type: 'lens'; lens: Lens | undefined }
  | { type: 'setColumns'; columns: readonly string[] }
  | { type: 'pin'; columns: readonly string[] }
  | { type: 'setDistribution'; isOpen: boolean }
  | { type: 'resize'; column: string; width: number | undefined }
  | { type: 'open'; row: number; rowId?: string }
  | { type: 'close' }
  | { type: 'restore'; view: ViewState }
  | { type: 'reset' };

export function initialView(subject: string): ViewState {
  return {
    subject,
    table: 0,
    anchor: 0,
    orderBy: [],
    filter: [],
    search: undefined,
    lens: undefined,
    columns: undefined,
    pinned: undefined,
    widths: {},
    distribution: undefined,
    open: undefined,
  };
}

/** Other rows show, so the place among them is their beginning. */
const FROM_TOP = { anchor: 0, open: undefined };

/** The one way that the state changes. */
export function changeView(state: ViewState, action: ViewAction): ViewState {
  switch (action.type) {
    case 'show':
      // Another table: its rows are others, but columns, order and filters are the viewer's way of reading.
      return action.subject === state.subject ? state : { ...state, ...FROM_TOP, subject: action.subject };
    case 'chooseTable':
      return { ...state, ...FROM_TOP, table: action.table };
    case 'goTo':
      return { ...state, anchor: Math.max(0, action.anchor), open: undefined };
    case 'sort':
      return { ...state, ...FROM_TOP, orderBy: nextOrder(state.orderBy, action.column, action.add === true) };
    case 'setOrder':
      return { ...state, ...FROM_TOP, orderBy: action.orderBy };
    case 'filterColumn': {
      const others = state.filter.filter(({ column }) => column !== action.column);
      return { ...state, ...FROM_TOP, filter: [...others, ...action.conditions] };
    }
    case 'clearFilter':
      return { ...state, ...FROM_TOP, filter: [] };
    case 'showAll':
      return { ...state, ...FROM_TOP, filter: [], search: undefined, lens: undefined };
    case 'search':
      return { ...state, ...FROM_TOP, search: action.search };
    case 'lens':
      // A lens has an order of its own, which is what one asks it for.
      return { ...state, ...FROM_TOP, lens: action.lens, orderBy: [] };
    case 'setColumns':
      return { ...state, columns: action.columns };
    case 'pin':
      return { ...state, pinned: action.columns };
    case 'setDistribution':
      return { ...state, distribution: action.isOpen };
    case 'resize': {
      const { [action.column]: _, ...others } = state.widths;
      return { ...state, widths: action.width === undefined ? others : { ...others, [action.column]: action.width } };
    }
    case 'open': {
      const { row, rowId } = action;
      return { ...state, open: rowId === undefined ? { row } : { row, rowId }, anchor: row };
    }
    case 'close':
      return { ...state, open: undefined };
    case 'restore':
      return action.view;
    case 'reset':
      return { ...initialView(state.subject), table: state.table };
  }
}

/** Ascending, then descending, then not at all. */
function nextOrder(orderBy: OrderBy, column: string, add: boolean): OrderBy {
  const direction = orderBy.find((entry) => entry.column === column)?.direction;
  const next: OrderBy =
    direction === 'desc' ? [] : [{ column, direction: direction === 'asc' ? ('desc' as const) : ('asc' as const) }];
  if (!add) {
    return next;
  }
  return direction ? orderBy.flatMap((entry) => (entry.column === column ? next : [entry])) : [...orderBy, ...next];
}
