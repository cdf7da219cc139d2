import type { DataFrame } from '@grafana/data';
import type { RowSource, RowsFrameMeta } from '@rolloscope/contract/frames';
import { LIMITS } from '@rolloscope/contract/limits';
import type { Filter, OrderBy, RowSelection } from '@rolloscope/contract/types';
import { AnswerPage } from './AnswerPage';
import { FramePage } from './FramePage';
import type { Binned } from './histogramOf';
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

/** Characters of a cell's preview where the query names no number. */
const PREVIEW = 2_000;

/**
 * The rows behind a store, at the moment of the frame: pages within the frame are read from it, others are asked for,
 * all as of the frame's commit position, so that a page, its total and its export agree.
 */
export class StoreRows implements TableData {
  readonly total: number;
  readonly maxPageRows = LIMITS.pageRows;
  private readonly cut: ReadonlyMap<number, number>;

  constructor(
    private readonly frame: DataFrame,
    private readonly meta: RowsFrameMeta,
    private readonly source: RowSource,
    readonly key: string,
    readonly label: string,
    readonly columns: readonly TableColumn[],
  ) {
    this.total = meta.total;
    this.cut = new Map(meta.cut.map(([row, field, length]) => [row * frame.fields.length + field, length]));
  }

  pageNow({ offset, limit, orderBy }: PageRequest): Page | undefined {
    const base = this.meta.request.offset ?? 0;
    const count = Math.min(limit, this.total - offset);
    const isHere = offset >= base && offset + count <= base + this.frame.length;
    return orderBy.length === 0 && isHere
      ? new FramePage(this.frame, offset, Math.max(0, count), undefined, base, this.cut)
      : undefined;
  }

  async loadPage(request: PageRequest, signal: AbortSignal): Promise<Page> {
    const here = this.pageNow(request);
    if (here) {
      return here;
    }
    const { preview = PREVIEW } = this.meta.request;
    const { offset, limit } = request;
    const answer = await this.source.queryRows(
      { ...this.selection(), ...this.order(request.orderBy), columns: [...request.columns], offset, limit, preview },
      signal,
    );
    return new AnswerPage(answer, offset);
  }

  loadRow(page: Page, row: number, signal: AbortSignal): Promise<WholeRow> {
    return this.loadRowById(page.rowId(row), signal);
  }

  async loadRowById(rowId: string, signal: AbortSignal): Promise<WholeRow> {
    const { run, step, time, cells } = await this.source.getRow(rowId, signal);
    return new Map<string, unknown>(Object.entries({ run, step, time, ...cells }));
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

  async loadBins({ filter, ...request }: BinsRequest, signal: AbortSignal): Promise<Binned> {
    const { steps: _, version: _v, filter: own = [], ...selection } = this.selection();
    // A query's list of steps travels as a filter.
    const isOfStep = (part: Filter[number]) => 'column' in part && part.column === 'step';
    const all = [...own.filter((part) => !isOfStep(part)), ...filter];
    return this.source.queryDistribution({ ...selection, ...(all.length > 0 && { filter: all }), ...request }, signal);
  }

  async createDownload(columns: readonly string[], orderBy: OrderBy): Promise<Download> {
    const request = { ...this.selection(), ...this.order(orderBy), columns: [...columns], format: 'csv' as const };
    const { url, rows } = await this.source.createExport(request);
    return { url, rows };
  }

  /** The query's selection, as of the frame's moment. */
  private selection(): RowSelection {
    const { orderBy: _, offset: _o, limit: _l, columns: _c, preview: _p, since: _s, ...selection } = this.meta.request;
    return { ...selection, asOf: this.meta.asOf };
  }

  private order(orderBy: OrderBy): { orderBy?: OrderBy } {
    const chosen = orderBy.length > 0 ? orderBy : this.meta.request.orderBy;
    return chosen ? { orderBy: chosen } : {};
  }
}
