import type { Field } from '@grafana/data';
import type { ExportFormat } from '@rolloscope/contract/names';
import type {
  ColumnFacet,
  ColumnType,
  Evidence,
  Filter,
  Lens,
  LensCount,
  OrderBy,
  Role,
} from '@rolloscope/contract/types';
import type { TextSearch } from '../text/compileSearch';
import type { Binned } from './frame/histogramOf';

/** A column of a rollout table, wherever its rows come from. */
export interface TableColumn {
  name: string;
  /** The text of its header: the name, unless the panel's field options give another. */
  label: string;
  type: ColumnType | 'time';
  role?: Role | 'step';
  /** The store made it of other columns. */
  isDerived?: true;
  /** True for a column of people's labels: only a table in which somebody labelled a rollout has such columns. */
  isLabel?: true;
  /** The frame's field; its unit, thresholds and colours count for every page of the table. */
  field: Field;
}

/** A viewer's narrowing of the rows of a table, and their order. */
export interface Narrowing {
  /** The order of the rows; empty: that of the lens, else of the query. */
  orderBy: OrderBy;
  /** A condition on the step column asks beyond the steps and the version of the query. */
  filter?: Filter | undefined;
  search?: TextSearch | undefined;
  lens?: Lens | undefined;
}

/** A request for the rows of a page. Rows are counted from 0 over all that the narrowing leaves. */
export interface PageRequest extends Narrowing {
  offset: number;
  limit: number;
  /** Columns that will be read from the page; others may be absent. */
  columns: readonly string[];
}

/** Some rows of a table, read cell by cell so that no row objects are made. `row` counts from 0 within the page. */
export interface Page {
  readonly offset: number;
  readonly count: number;
  /** Rows that match, over all pages. */
  readonly total: number;
  /** Equal ids are the same row, also in a later state of the table. */
  rowId(row: number): string;
  /** Returns a cell, which may be a preview of a longer text; null where the row has no such cell. */
  cell(row: number, column: string): unknown;
  /** Characters of the whole text, where the cell is only a preview. */
  fullLength(row: number, column: string): number | undefined;
  /**
   * Standard deviation of the rewards of the row's prompt group at its step, whatever the table is narrowed to; null
   * for a group of one, undefined where it is not known.
   */
  groupSpread?(row: number): number | null | undefined;
}

/** A row with every cell uncut, and the signs in it where the store has looked for some. */
export type WholeRow = ReadonlyMap<string, unknown> & { readonly evidence?: Evidence };

export interface Download {
  rows: number;
  url: string;
  /** File name; left out where the server gives one. */
  name?: string;
  /** Texts in it that are not whole, since the table has no more of them. */
  cut?: number;
  /** Frees what the address holds. */
  release?: () => void;
}

/** Rows that belong to one of the table: its group, the same prompt at other steps, another step. */
export interface RelatedRequest {
  offset: number;
  limit: number;
  orderBy: OrderBy;
  filter: Filter;
  /** Columns that will be read from the page; others may be absent. */
  columns: readonly string[];
  /** True where runs count that the query does not name. */
  allRuns?: boolean;
}

export interface RelatedRows {
  page: Page;
  /** Rows that match; the page may hold fewer. */
  total: number;
}

/** Counts of a number column by step, or together with a second number column `by`, in the rows that narrowing leaves. */
export interface BinsRequest extends Omit<Narrowing, 'orderBy'> {
  column: string;
  by?: string;
  bins: number;
  byBins?: number;
}

/** One state of a rollout table: the rows of a frame, or those behind a store at one moment. */
export interface TableData {
  /** The table's identity: equal keys are states of the same table, and a reader keeps the place in it. */
  readonly key: string;
  /** The state's identity: with the same one every question has the same answer, though the object be another. */
  readonly state: string;
  /** The table's name for people, such as `runs.summary["rollout_examples"]`. */
  readonly label: string;
  readonly columns: readonly TableColumn[];
  /** Columns that only a whole row has besides: per-token data and turns. */
  readonly apart?: readonly TableColumn[];
  /** Rows of the query, before anything that a viewer narrows them by. */
  readonly total: number;
  /** Most rows that one page can hold. */
  readonly maxPageRows: number;
  /** The lens that the rows are looked at through where the viewer has chosen neither a lens nor an order. */
  readonly defaultLens?: Lens;
  /** `loadRelated` can look into runs that the query does not name; left out where there is only the frame. */
  readonly knowsAllRuns?: boolean;
  /** True where only rows show that were logged in the dashboard's time range: `total` may count more. */
  readonly isInTimes?: boolean;
  /**
   * The extent of rows that were taken out of a table; left out for a table. What belongs to a row is here as far as it
   * was taken along, its group whole (`groups`) or perhaps in part (`rows`).
   */
  readonly excerpt?: 'groups' | 'rows';
  /** The words beside the label where the table is less than it could be, or other than was asked for. */
  readonly notice?: string;
  /** The page, where it is already here. */
  pageNow(request: PageRequest): Page | undefined;
  /** `onProgress` gets the share that is done, 0–1, where that is known. */
  loadPage(request: PageRequest, signal: AbortSignal, onProgress?: (share: number) => void): Promise<Page>;
  loadRow(page: Page, row: number, signal: AbortSignal): Promise<WholeRow>;
  /** Full lengths of the cells that stay cut in a row that was loaded, by column; left out where rows come whole. */
  cutIn?(rowId: string): ReadonlyMap<string, number> | undefined;
  /** A row by its id, wherever it stands; rejects where the table has none such. */
  loadRowById(rowId: string, signal: AbortSignal): Promise<WholeRow>;
  /** Rows that match, whatever steps, version, filter and search the query itself asks for. */
  loadRelated(request: RelatedRequest, signal: AbortSignal): Promise<RelatedRows>;
  /** By step, counts are over all steps, whatever steps or version the query asks for; its filter and search hold. */
  loadBins(request: BinsRequest, signal: AbortSignal): Promise<Binned>;
  /** The formats that it can be downloaded in. */
  readonly exportFormats: readonly ExportFormat[];
  /** Every row that the narrowing leaves, with these columns. */
  createDownload(columns: readonly string[], narrowing: Narrowing, format?: ExportFormat): Promise<Download>;
  /** Counts the rows that each lens would leave of those that filter and search leave. */
  countLenses(narrowing: Narrowing, signal: AbortSignal): Promise<LensCount[]>;
  /** The values of a column in the rows that the narrowing leaves; `like`: only those that contain it. */
  loadFacet(column: string, narrowing: Narrowing, like: string, signal: AbortSignal): Promise<ColumnFacet>;
}

/** The source of rows: cells of a frame, read in place. */
export interface FrameCells {
  columns: readonly TableColumn[];
  total: number;
  read(column: string, row: number): unknown;
}
