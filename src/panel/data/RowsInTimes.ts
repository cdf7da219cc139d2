import type { TimeRange } from '@grafana/data';
import type { ExportFormat } from '@rolloscope/contract/names';
import type { Condition, Filter, Lens } from '@rolloscope/contract/types';
import { timeColumn } from './axisColumns';
import type {
  BinsRequest,
  Narrowing,
  Page,
  PageRequest,
  RelatedRequest,
  TableColumn,
  TableData,
  WholeRow,
} from './TableData';

/** A table's rows within a time range; all of them where no column says when they were logged. */
export function inTimeRange(all: TableData, range: TimeRange): TableData {
  const column = timeColumn(all.columns)?.name;
  return column === undefined ? all : new RowsInTimes(all, column, range);
}

/** Parts of a relative range: it counts as another one when it has moved by one. */
const PARTS = 500;

/** A range in epoch milliseconds; one that moves on with every refresh is a little longer, and moves seldom. */
function steady({ from, to, raw }: TimeRange): { first: number; last: number } {
  const [first, last] = [from.valueOf(), to.valueOf()];
  const part = Math.max(1_000, Math.round((last - first) / PARTS));
  return {
    first: typeof raw.from === 'string' ? Math.floor(first / part) * part : first,
    last: typeof raw.to === 'string' ? Math.ceil(last / part) * part : last,
  };
}

/**
 * The rows of a table that were logged within a time range, as one state of it: a relative range moves with every
 * refresh, and what that takes away is news like any other, which never moves what someone reads. A range that someone
 * chooses is another table. What belongs to a row, such as its group, is found whenever it was logged.
 */
export class RowsInTimes implements TableData {
  readonly isInTimes = true;
  readonly key: string;
  readonly state: string;
  readonly label: string;
  readonly columns: readonly TableColumn[];
  /** Rows of all times: how many are within is known with the first page. */
  readonly total: number;
  readonly maxPageRows: number;
  readonly knowsAllRuns: boolean;
  readonly defaultLens?: Lens;
  readonly notice?: string;
  private readonly times: readonly Condition[];

  /** @param column of times, in epoch milliseconds */
  constructor(
    private readonly all: TableData,
    column: string,
    { from, to, raw }: TimeRange,
  ) {
    this.key = JSON.stringify([all.key, raw.from, raw.to]);
    this.label = all.label;
    this.columns = all.columns;
    this.total = all.total;
    this.maxPageRows = all.maxPageRows;
    this.knowsAllRuns = all.knowsAllRuns === true;
    if (all.defaultLens !== undefined) {
      this.defaultLens = all.defaultLens;
    }
    if (all.notice !== undefined) {
      this.notice = all.notice;
    }
    const { first, last } = steady({ from, to, raw });
    this.times = [
      { column, op: 'ge', value: first },
      { column, op: 'le', value: last },
    ];
    this.state = JSON.stringify([all.state, first, last]);
  }

  pageNow(request: PageRequest): Page | undefined {
    return this.all.pageNow(this.within(request));
  }

  loadPage(request: PageRequest, signal: AbortSignal, onProgress?: (share: number) => void): Promise<Page> {
    return this.all.loadPage(this.within(request), signal, onProgress);
  }

  loadRow(page: Page, row: number, signal: AbortSignal): Promise<WholeRow> {
    return this.all.loadRow(page, row, signal);
  }

  cutIn(rowId: string): ReadonlyMap<string, number> | undefined {
    return this.all.cutIn?.(rowId);
  }

  loadRowById(rowId: string, signal: AbortSignal): Promise<WholeRow> {
    return this.all.loadRowById(rowId, signal);
  }

  loadRelated(request: RelatedRequest, signal: AbortSignal) {
    return this.all.loadRelated(request, signal);
  }

  loadBins(request: BinsRequest, signal: AbortSignal) {
    return this.all.loadBins(this.within(request), signal);
  }

  get exportFormats() {
    return this.all.exportFormats;
  }

  createDownload(columns: readonly string[], narrowing: Narrowing, format?: ExportFormat) {
    return this.all.createDownload(columns, this.within(narrowing), format);
  }

  countLenses(narrowing: Narrowing, signal: AbortSignal) {
    return this.all.countLenses(this.within(narrowing), signal);
  }

  loadFacet(column: string, narrowing: Narrowing, like: string, signal: AbortSignal) {
    return this.all.loadFacet(column, this.within(narrowing), like, signal);
  }

  private within<T extends { filter?: Filter | undefined }>(request: T): T {
    return { ...request, filter: [...(request.filter ?? []), ...this.times] };
  }
}
