import type { DataFrame } from '@grafana/data';
import type { OrderBy } from '@rolloscope/contract/types';
import { csvRecord } from '../text/csv';
import { FramePage } from './FramePage';
import { gridOf } from './gridOf';
import { type Binned, histogramOf } from './histogramOf';
import { matchesFilter } from './matchesFilter';
import { sortRows } from './sortRows';
import type {
  BinsRequest,
  Download,
  Page,
  PageRequest,
  RelatedRequest,
  RelatedRows,
  TableColumn,
  TableData,
  WholeRow,
} from './TableData';

/** Rows whose CSV is one piece of the file, so that no single string grows with the frame. */
const PIECE = 500;

/** The rows that a frame holds, from any data source: paged and sorted here, read in place. */
export class FrameRows implements TableData {
  readonly total: number;
  readonly maxPageRows = Number.POSITIVE_INFINITY;
  private sorted: { order: string; rows: Uint32Array } | undefined;

  constructor(
    private readonly frame: DataFrame,
    readonly key: string,
    readonly label: string,
    readonly columns: readonly TableColumn[],
    readonly notice: string = '',
  ) {
    this.total = frame.length;
  }

  pageNow({ offset, limit, orderBy }: PageRequest): Page {
    const count = Math.max(0, Math.min(limit, this.total - offset));
    return new FramePage(this.frame, offset, count, this.rowsInOrder(orderBy));
  }

  async loadPage(request: PageRequest): Promise<Page> {
    return this.pageNow(request);
  }

  async loadRow(page: Page, row: number, _signal: AbortSignal): Promise<WholeRow> {
    return new Map(this.columns.map(({ name }) => [name, page.cell(row, name)]));
  }

  async loadRowById(rowId: string, signal: AbortSignal): Promise<WholeRow> {
    const all = new FramePage(this.frame, 0, this.total);
    for (let row = 0; row < this.total; row++) {
      if (all.rowId(row) === rowId) {
        return this.loadRow(all, row, signal);
      }
    }
    throw new Error('The row is not in this table any more.');
  }

  async loadRelated({ filter, orderBy, offset, limit }: RelatedRequest): Promise<RelatedRows> {
    const fields = new Map(this.frame.fields.map((field) => [field.name, field]));
    const cell = (column: string, row: number) => fields.get(column)?.values[row];
    const matching = Uint32Array.from({ length: this.total }, (_, row) => row).filter((row) =>
      matchesFilter(filter, (column) => cell(column, row)),
    );
    const order = sortRows(matching.length, orderBy, (column, at) => cell(column, matching[at] ?? 0));
    const rows = order.map((at) => matching[at] ?? 0);
    const count = Math.max(0, Math.min(limit, rows.length - offset));
    return { page: new FramePage(this.frame, offset, count, rows), total: rows.length };
  }

  async loadBins({ column, by, bins, byBins = bins, filter }: BinsRequest): Promise<Binned> {
    const fields = new Map(this.frame.fields.map((field) => [field.name, field]));
    const rows = Array.from({ length: this.total }, (_, row) => row).filter((row) =>
      matchesFilter(filter, (name) => fields.get(name)?.values[row]),
    );
    const numbers = (name: string | undefined) => {
      const values = name === undefined ? [] : (fields.get(name)?.values ?? []);
      return rows.map((row) => toNumber(values[row]));
    };
    const step = this.columns.find(({ role }) => role === 'step')?.name;
    return by === undefined
      ? histogramOf(numbers(column), numbers(step), bins)
      : gridOf(numbers(column), numbers(by), bins, byBins);
  }

  async createDownload(columns: readonly string[], orderBy: OrderBy): Promise<Download> {
    const url = URL.createObjectURL(new Blob(this.csvPieces(columns, orderBy), { type: 'text/csv;charset=utf-8' }));
    const name = this.label.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^_+|_+$/g, '') || 'rollouts';
    return { rows: this.total, url, name: `${name}.csv`, release: () => URL.revokeObjectURL(url) };
  }

  /** The whole table as CSV, in pieces. */
  csvPieces(columns: readonly string[], orderBy: OrderBy): string[] {
    const shown = columns.flatMap((name) => this.columns.find((column) => column.name === name) ?? []);
    const rows = this.rowsInOrder(orderBy);
    const pieces = [csvRecord(shown.map(({ name }) => name))];
    for (let from = 0; from < this.total; from += PIECE) {
      let piece = '';
      for (let at = from; at < Math.min(from + PIECE, this.total); at++) {
        piece += csvRecord(shown.map(({ field }) => field.values[rows?.[at] ?? at]));
      }
      pieces.push(piece);
    }
    return pieces;
  }

  private rowsInOrder(orderBy: OrderBy): Uint32Array | undefined {
    if (orderBy.length === 0) {
      return undefined;
    }
    const order = JSON.stringify(orderBy);
    if (this.sorted?.order !== order) {
      const fields = new Map(this.frame.fields.map((field) => [field.name, field]));
      const rows = sortRows(this.total, orderBy, (column, row) => fields.get(column)?.values[row]);
      this.sorted = { order, rows };
    }
    return this.sorted.rows;
  }
}

/** A cell as the number that it stands for, as the store casts it. */
function toNumber(cell: unknown): number | null {
  if (typeof cell === 'boolean') {
    return Number(cell);
  }
  if (typeof cell === 'string') {
    return cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : null;
  }
  return typeof cell === 'number' ? cell : null;
}
