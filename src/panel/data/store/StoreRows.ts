import type { DataFrame } from '@grafana/data';
import type { RowSource, RowsFrameMeta } from '@rolloscope/contract/frames';
import { LIMITS } from '@rolloscope/contract/limits';
import { EXPORT_FORMATS, type ExportFormat } from '@rolloscope/contract/names';
import type { ColumnFacet, Filter, Lens, LensCount, OrderBy, Role, RowSelection } from '@rolloscope/contract/types';
import { apartColumns } from '../describeColumns';
import { type CutCells, cutCells, FramePage } from '../frame/FramePage';
import { groupSpreads } from '../frame/groupRows';
import type { Binned } from '../frame/histogramOf';
import type {
  BinsRequest,
  Download,
  Narrowing,
  Page,
  PageRequest,
  RelatedRequest,
  RelatedRows,
  TableColumn,
  TableData,
  WholeRow,
} from '../TableData';
import { AnswerPage } from './AnswerPage';
import { searchAsFilter } from './searchAsFilter';

/** Characters of a cell's preview where the query names no number. */
const PREVIEW = 2_000;

/**
 * The rows behind a store, at the moment of the frame: pages within the frame are read from it, others are asked for,
 * all as of the frame's commit position, so that a page, its total and its export agree.
 */
export class StoreRows implements TableData {
  readonly state: string;
  readonly total: number;
  readonly knowsAllRuns = true;
  readonly apart: readonly TableColumn[];
  readonly maxPageRows = LIMITS.pageRows;
  readonly defaultLens?: Lens;
  readonly notice?: string;
  private readonly cut: CutCells;
  /** The spread of the group of a row of the frame; undefined where groups may be in pieces. */
  private readonly spread: ((row: number) => number | null) | undefined;

  /** @param roles where they are not as the store has them */
  constructor(
    private readonly frame: DataFrame,
    private readonly meta: RowsFrameMeta,
    private readonly source: RowSource,
    readonly key: string,
    readonly label: string,
    readonly columns: readonly TableColumn[],
    private readonly roles: Readonly<Record<string, Role | null>> = {},
  ) {
    this.state = JSON.stringify([meta.request, meta.asOf, meta.total, meta.columns, meta.notice, roles]);
    this.total = meta.total;
    this.apart = apartColumns(meta);
    if (meta.notice !== undefined) {
      this.notice = meta.notice;
    }
    if (meta.request.version !== 'latest' && !meta.request.orderBy?.length) {
      this.defaultLens = 'newest';
    }
    const values = new Map(frame.fields.map((field) => [field.name, field.values]));
    const all = groupSpreads({ columns, total: frame.length, read: (column, row) => values.get(column)?.[row] });
    // The store knows the whole of each group, and goes by its own roles.
    const known = Object.keys(roles).length === 0 ? meta.groupSpread : undefined;
    this.spread = known ? (row) => known[row] ?? null : frame.length === meta.total ? all : undefined;
    this.cut = cutCells(meta.cut);
  }

  pageNow(request: PageRequest): Page | undefined {
    const { offset, limit, orderBy, filter, search } = request;
    const base = this.meta.request.offset ?? 0;
    const count = Math.min(limit, this.total - offset);
    const isHere = offset >= base && offset + count <= base + this.frame.length;
    const lens = this.lensOf(request);
    // Lenses go by roles, and the query was asked by those that the store has.
    const isSeenAlike = lens === this.meta.request.lens && (!lens || Object.keys(this.roles).length === 0);
    const isPlain = orderBy.length === 0 && !filter?.length && !search && isSeenAlike;
    return isPlain && isHere
      ? new FramePage(this.frame, offset, Math.max(0, count), {
          base,
          total: this.total,
          cut: this.cut,
          ...(this.spread && { spread: this.spread }),
        })
      : undefined;
  }

  async loadPage(request: PageRequest, signal: AbortSignal, onProgress?: (share: number) => void): Promise<Page> {
    const here = this.pageNow(request);
    if (here) {
      return here;
    }
    const { preview = PREVIEW } = this.meta.request;
    const { offset, limit } = request;
    const answer = await this.source.queryRows(
      {
        ...this.selection(request),
        ...this.order(request),
        columns: [...request.columns],
        offset,
        limit,
        preview,
        groupSpread: true,
      },
      signal,
      // Only a search reads every text.
      request.search && onProgress,
    );
    return new AnswerPage(answer, offset);
  }

  loadRow(page: Page, row: number, signal: AbortSignal): Promise<WholeRow> {
    return this.loadRowById(page.rowId(row), signal);
  }

  loadRowById(rowId: string, signal: AbortSignal): Promise<WholeRow> {
    return wholeRow(this.source, rowId, signal);
  }

  async loadRelated(request: RelatedRequest, signal: AbortSignal): Promise<RelatedRows> {
    const { preview = PREVIEW, runs, table } = this.meta.request;
    const { filter, orderBy, columns, offset, limit, allRuns } = request;
    const answer = await this.source.queryRows(
      {
        runs: allRuns ? { where: [] } : runs,
        table,
        filter,
        ...(orderBy.length > 0 && { orderBy }),
        columns: [...columns],
        offset,
        limit,
        preview,
        asOf: this.meta.asOf,
      },
      signal,
    );
    return { page: new AnswerPage(answer, offset), total: answer.total };
  }

  async loadBins({ filter = [], search, lens, ...request }: BinsRequest, signal: AbortSignal): Promise<Binned> {
    const isOfAllSteps = request.by === undefined || filter.some(isOfStep);
    const { lens: _, ...asked } = this.selection({ orderBy: [], search });
    const { filter: own = [], ...selection } = isOfAllSteps ? withoutSteps(asked) : asked;
    const all = [...own, ...filter];
    return this.source.queryDistribution(
      { ...selection, ...(all.length > 0 && { filter: all }), ...(lens && { lens }), ...request },
      signal,
    );
  }

  readonly exportFormats = EXPORT_FORMATS;

  async createDownload(
    columns: readonly string[],
    narrowing: Narrowing,
    format: ExportFormat = 'csv',
  ): Promise<Download> {
    const { url, rows } = await this.source.createExport({
      ...this.selection(narrowing),
      ...this.order(narrowing),
      columns: [...columns],
      format,
    });
    return { url, rows };
  }

  async countLenses(narrowing: Narrowing, signal: AbortSignal): Promise<LensCount[]> {
    const { lens: _, ...selection } = this.selection(narrowing);
    return (await this.source.queryFacets({ ...selection, lenses: true }, signal)).lenses ?? [];
  }

  async loadFacet(column: string, narrowing: Narrowing, like: string, signal: AbortSignal): Promise<ColumnFacet> {
    const request = { ...this.selection(narrowing), columns: [column], ...(like !== '' && { q: like }) };
    const [facet] = (await this.source.queryFacets(request, signal)).columns;
    if (!facet) {
      throw new Error('The store did not answer what the column holds.');
    }
    return facet;
  }

  /** The default lens is an order: where the viewer gives another, it has nothing to say. */
  private lensOf({ lens, orderBy }: Narrowing): Lens | undefined {
    return lens ?? (orderBy.length === 0 ? this.defaultLens : undefined);
  }

  /** The query's selection, narrowed, as of the frame's moment. */
  private selection(narrowing: Narrowing = { orderBy: [] }): RowSelection {
    const {
      orderBy: _,
      offset: _o,
      limit: _l,
      columns: _c,
      preview: _p,
      since: _s,
      groupSpread: _g,
      lens: _lens,
      ...own
    } = this.meta.request;
    const { filter = [], search } = narrowing;
    const lens = this.lensOf(narrowing);
    const asked = filter.some(isOfStep) ? withoutSteps(own) : own;
    const all = [
      ...(asked.filter ?? []),
      ...filter,
      ...(search && asked.search ? searchAsFilter(asked.search, this.meta.columns) : []),
    ];
    return {
      ...asked,
      ...(all.length > 0 && { filter: all }),
      ...(search && { search }),
      ...(lens && { lens }),
      ...(Object.keys(this.roles).length > 0 && { roles: { ...this.roles } }),
      asOf: this.meta.asOf,
    };
  }

  private order({ orderBy, lens }: Narrowing): { orderBy?: OrderBy } {
    const chosen = orderBy.length > 0 || lens ? orderBy : this.meta.request.orderBy;
    return chosen && chosen.length > 0 ? { orderBy: chosen } : {};
  }
}

const isOfStep = (part: Filter[number]) => 'column' in part && part.column === 'step';

/** All steps of what a selection asks for. A query's list of steps travels as a filter. */
function withoutSteps({ steps: _, version: _v, filter, ...rest }: RowSelection): RowSelection {
  const kept = filter?.filter((part) => !isOfStep(part)) ?? [];
  return { ...rest, ...(kept.length > 0 && { filter: kept }) };
}

/** A row as the store has it, uncut. */
export async function wholeRow(source: RowSource, rowId: string, signal: AbortSignal): Promise<WholeRow> {
  const { run, step, time, cells, evidence } = await source.getRow(rowId, signal);
  const row = new Map<string, unknown>(Object.entries({ run, step, time, ...cells }));
  return evidence ? Object.assign(row, { evidence }) : row;
}
