import type { DataFrame } from '@grafana/data';
import { csvRecord } from '@rolloscope/contract/csv';
import { lensNeeds } from '@rolloscope/contract/lenses';
import { mediaText } from '@rolloscope/contract/mediaCell';
import { type ExportFormat, LENSES, type Lens } from '@rolloscope/contract/names';
import type { ColumnFacet, LensCount } from '@rolloscope/contract/types';
import { inSlices } from '../../text/inSlices';
import { cellNumber } from '../cellValues';
import type {
  BinsRequest,
  Download,
  FrameCells,
  Narrowing,
  Page,
  PageRequest,
  RelatedRequest,
  RelatedRows,
  TableColumn,
  TableData,
  WholeRow,
} from '../TableData';
import { type CutCells, FramePage } from './FramePage';
import { facetOf } from './facetOf';
import { gridOf } from './gridOf';
import { groupSpreads } from './groupRows';
import { type Binned, histogramOf } from './histogramOf';
import { lensGround } from './lensGround';
import { matchingRows, narrowRows, throughLens } from './narrowRows';

/** Rows whose CSV is one piece of the file, so that no single string grows with the frame. */
const PIECE = 500;

/** Facts about a frame beside its cells. */
interface FrameKnowledge {
  notice?: string;
  /** Columns that whole rows have besides. */
  apart?: readonly TableColumn[];
  /** Cells that the frame holds only the beginning of. */
  cut?: CutCells;
  /** See `TableData`. */
  excerpt?: 'groups' | 'rows';
  /** Loads whole cells by row id; left out where nobody can be asked. */
  loadWhole?: ((rowId: string, signal: AbortSignal) => Promise<WholeRow>) | undefined;
}

/** Returns equal texts for narrowings that leave the same rows in the same order. */
const keyOf = ({ orderBy, filter, search, lens }: Narrowing) => JSON.stringify([orderBy, filter, search, lens]);

/** The rows that a frame holds, from any data source: narrowed, sorted and paged here, read in place. */
export class FrameRows implements TableData {
  private static made = 0;
  /** Nobody knows whether another frame has the same rows; none of them is asked for. */
  readonly state = `frame ${FrameRows.made++}`;
  readonly total: number;
  readonly notice: string;
  readonly maxPageRows = Number.POSITIVE_INFINITY;
  readonly apart: readonly TableColumn[];
  readonly excerpt?: 'groups' | 'rows';
  private readonly cells: FrameCells;
  private readonly spread: (row: number) => number | null;
  /** The last narrowing that was worked out: its pages are here. */
  private narrowed: { key: string; rows: Uint32Array | undefined };

  constructor(
    private readonly frame: DataFrame,
    readonly key: string,
    readonly label: string,
    readonly columns: readonly TableColumn[],
    private readonly known: FrameKnowledge = {},
  ) {
    this.notice = known.notice ?? '';
    this.apart = known.apart ?? [];
    if (known.excerpt) {
      this.excerpt = known.excerpt;
    }
    this.total = frame.length;
    const values = new Map(frame.fields.map((field) => [field.name, field.values]));
    this.cells = { columns, total: frame.length, read: (column, row) => values.get(column)?.[row] };
    this.spread = groupSpreads(this.cells);
    this.narrowed = { key: keyOf({ orderBy: [] }), rows: undefined };
  }

  pageNow(request: PageRequest): Page | undefined {
    const isPlain = request.orderBy.length === 0 && !request.filter?.length && !request.search && !request.lens;
    return isPlain
      ? this.page(request, undefined)
      : this.narrowed.key === keyOf(request)
        ? this.page(request, this.narrowed.rows)
        : undefined;
  }

  async loadPage(request: PageRequest, signal: AbortSignal, onProgress?: (share: number) => void): Promise<Page> {
    const here = this.pageNow(request);
    if (here) {
      return here;
    }
    const rows = await narrowRows(this.cells, request, signal, onProgress);
    this.narrowed = { key: keyOf(request), rows };
    return this.page(request, rows);
  }

  async loadRow(page: Page, row: number, signal: AbortSignal): Promise<WholeRow> {
    const cells = new Map(this.columns.map(({ name }) => [name, page.cell(row, name)]));
    const cut = this.known.cut?.get(page.rowId(row));
    if (cut && this.known.loadWhole) {
      const whole = await this.known.loadWhole(page.rowId(row), signal);
      for (const name of cut.keys()) {
        // A transformation may have made something else of it.
        const [cell, all] = [cells.get(name), whole.get(name)];
        if (typeof cell === 'string' && typeof all === 'string' && all.startsWith(cell)) {
          cells.set(name, all);
        }
      }
    }
    return cells;
  }

  cutIn(rowId: string): ReadonlyMap<string, number> | undefined {
    return this.known.loadWhole ? undefined : this.known.cut?.get(rowId);
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

  async loadRelated({ filter, orderBy, offset, limit }: RelatedRequest, signal?: AbortSignal): Promise<RelatedRows> {
    const rows = await narrowRows(this.cells, { filter, orderBy }, signal);
    const page = this.page({ offset, limit }, rows);
    return { page, total: page.total };
  }

  async loadBins(request: BinsRequest, signal?: AbortSignal): Promise<Binned> {
    const { column, by, bins, byBins = bins, ...narrowing } = request;
    const matching = await matchingRows(this.cells, { ...narrowing, orderBy: [] }, signal);
    const rows = Array.from(
      narrowing.lens ? throughLens(this.cells, narrowing.lens, matching, narrowing.filter) : matching,
    );
    const numbers = (name: string | undefined) =>
      rows.map((row) => (name === undefined ? null : cellNumber(this.cells.read(name, row))));
    const step = this.columns.find(({ role }) => role === 'step')?.name;
    return by === undefined
      ? histogramOf(numbers(column), numbers(step), bins)
      : gridOf(numbers(column), numbers(by), bins, byBins);
  }

  async countLenses(narrowing: Narrowing, signal: AbortSignal): Promise<LensCount[]> {
    const rows = await matchingRows(this.cells, narrowing, signal);
    const ground = lensGround(this.columns);
    const counts: LensCount[] = [];
    await inSlices(
      LENSES.length,
      (i) => {
        const lens = LENSES[i] as Lens;
        const needs = lensNeeds(lens, ground);
        counts.push(
          needs === undefined
            ? { lens, rows: throughLens(this.cells, lens, rows, narrowing.filter).length }
            : { lens, needs },
        );
      },
      signal,
    );
    return counts;
  }

  async loadFacet(column: string, narrowing: Narrowing, like: string, signal: AbortSignal): Promise<ColumnFacet> {
    const rows = await matchingRows(this.cells, narrowing, signal);
    const narrowed = narrowing.lens ? throughLens(this.cells, narrowing.lens, rows, narrowing.filter) : rows;
    return facetOf(
      column,
      Array.from(narrowed, (row) => this.cells.read(column, row)),
      like,
    );
  }

  /** The browser makes the file. */
  readonly exportFormats: readonly ExportFormat[] = ['csv'];

  async createDownload(columns: readonly string[], narrowing: Narrowing): Promise<Download> {
    const { pieces, rows, cut } = await this.csvPieces(columns, narrowing);
    const url = URL.createObjectURL(new Blob(pieces, { type: 'text/csv;charset=utf-8' }));
    const name = this.label.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^_+|_+$/g, '') || 'rollouts';
    return { rows, cut, url, name: `${name}.csv`, release: () => URL.revokeObjectURL(url) };
  }

  /** The narrowed table as CSV, in pieces; the page stays alive meanwhile. */
  async csvPieces(
    columns: readonly string[],
    narrowing: Narrowing,
  ): Promise<{ pieces: string[]; rows: number; cut: number }> {
    const shown = columns.flatMap((name) => this.columns.find((column) => column.name === name) ?? []);
    const rows = await narrowRows(this.cells, narrowing);
    const pieces = [csvRecord(shown.map(({ name }) => name))];
    await inSlices(Math.ceil(rows.length / PIECE), (i) => {
      let piece = '';
      for (const row of rows.subarray(i * PIECE, (i + 1) * PIECE)) {
        piece += csvRecord(
          shown.map(({ field, role }) => (role === 'media' ? mediaText(field.values[row]) : field.values[row])),
        );
      }
      pieces.push(piece);
    });
    const page = this.page({ offset: 0, limit: rows.length }, rows);
    let cut = 0;
    for (let row = 0; row < (this.known.cut?.size ? page.count : 0); row++) {
      const short = this.known.cut?.get(page.rowId(row));
      cut += short ? columns.filter((name) => short.has(name)).length : 0;
    }
    return { pieces, rows: rows.length, cut };
  }

  private page({ offset, limit }: Pick<PageRequest, 'offset' | 'limit'>, rows: Uint32Array | undefined): FramePage {
    const total = rows?.length ?? this.total;
    return new FramePage(this.frame, offset, Math.max(0, Math.min(limit, total - offset)), {
      ...(rows && { rows }),
      ...(this.known.cut && { cut: this.known.cut }),
      spread: this.spread,
    });
  }
}
