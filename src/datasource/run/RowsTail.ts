import type { DataFrame } from '@grafana/data';
import type { RowsAnswer, RowsRequest, RunsAnswer } from '@rolloscope/contract/types';
import { rowsFrame } from '../frames/rowsFrame';
import type { RowsQuery } from '../query';
import { rowsRequest, runWhere } from '../toRequest';
import { atNearestStep } from './atNearestStep';
import type { QueryContext } from './QueryContext';
import { readingNotes } from './readingNotes';

/** The rows of one query and how they go on: a page is read again when rows came that belong to it. */
export class RowsTail {
  isRunning = true;
  private asOf = '';
  private step: string | undefined;

  constructor(
    private readonly query: RowsQuery,
    private readonly context: QueryContext,
  ) {}

  async begin(): Promise<DataFrame[]> {
    const { query, notice } = await atNearestStep(this.query, this.context);
    this.step = query.step;
    const body = rowsRequest(query);
    const answer = await this.post(body);
    this.asOf = answer.asOf;
    const notes = await readingNotes(answer, this.context);
    const said = [notice, notes].filter((one) => one !== undefined).join(' · ');
    return [rowsFrame(answer, body, this.context.uid, query.refId, said || undefined)];
  }

  /** Undefined where no row came. */
  async goOn(): Promise<DataFrame[] | undefined> {
    const { query } = await atNearestStep(this.query, this.context);
    if (query.step !== this.step) {
      return this.begin();
    }
    const fresh = await this.post({ ...rowsRequest(query), since: this.asOf, offset: 0, limit: 0 });
    this.asOf = fresh.asOf;
    return fresh.total > 0 || fresh.reset ? this.begin() : undefined;
  }

  async lookUpRuns(): Promise<void> {
    const { where, ...runs } = runWhere(this.query.runs);
    const body = { ...runs, where: [...where, { column: 'state', op: 'eq', value: 'running' }], limit: 1 };
    const { client, signal } = this.context;
    this.isRunning = (await client.post<RunsAnswer>('/query/runs', body, { has: 'runs', signal })).runs.length > 0;
  }

  private post(body: RowsRequest): Promise<RowsAnswer> {
    const { client, signal } = this.context;
    return client.post('/query/rows', body, { has: 'rows', signal });
  }
}
