import type { DataFrame } from '@grafana/data';
import type { RowsAnswer, RowsRequest, RunsAnswer } from '@rolloscope/contract/types';
import { rowsFrame } from '../frames/rowsFrame';
import type { RowsQuery } from '../query';
import { idFilter, rowsRequest, runSelector } from '../toRequest';
import type { QueryContext } from './QueryContext';

/** The rows of one query and how they go on: a page is read again when rows came that belong to it. */
export class RowsTail {
  isRunning = true;
  private asOf = '';

  constructor(
    private readonly query: RowsQuery,
    private readonly context: QueryContext,
  ) {}

  async begin(): Promise<DataFrame[]> {
    const body = rowsRequest(this.query);
    const answer = await this.post(body);
    this.asOf = answer.asOf;
    return [rowsFrame(answer, body, this.context.uid, this.query.refId)];
  }

  /** Undefined where no row came. */
  async goOn(): Promise<DataFrame[] | undefined> {
    const fresh = await this.post({ ...rowsRequest(this.query), since: this.asOf, offset: 0, limit: 0 });
    this.asOf = fresh.asOf;
    return fresh.total > 0 || fresh.reset ? this.begin() : undefined;
  }

  async lookUpRuns(): Promise<void> {
    const runs = runSelector(this.query.runs);
    const where = Array.isArray(runs) ? idFilter(runs) : runs.where;
    const body = { where: [...where, { column: 'state', op: 'eq', value: 'running' }], limit: 1 };
    const { client, signal } = this.context;
    this.isRunning = (await client.post<RunsAnswer>('/query/runs', body, { has: 'runs', signal })).runs.length > 0;
  }

  private post(body: RowsRequest): Promise<RowsAnswer> {
    const { client, signal } = this.context;
    return client.post('/query/rows', body, { has: 'rows', signal });
  }
}
