import type { DataFrame } from '@grafana/data';
import type { RowsAnswer, RowsRequest } from '@rolloscope/contract/types';
import { rowsFrame } from '../frames/rowsFrame';
import type { RowsQuery } from '../query';
import { nearestTo, rowSelection, rowsRequest, runSelector, runWhere } from '../toRequest';
import { atNearestStep } from './atNearestStep';
import type { QueryContext } from './QueryContext';
import { readingNotes } from './readingNotes';

/** The answer that a frame is made of; the same object again where no row came. */
interface Read {
  body: RowsRequest;
  answer: RowsAnswer;
  notice: string | undefined;
  asOf: string;
}

/** The rows of one query and how they go on: a page is read again when rows came that belong to it. */
export class RowsTail {
  isRunning = true;
  private last: Read | undefined;

  constructor(
    private readonly query: RowsQuery,
    private readonly context: QueryContext,
  ) {}

  async begin(): Promise<DataFrame[]> {
    return this.show(await this.read());
  }

  /** True when what it shows may change without a row: by a label. Runs chosen by what they are are read whole. */
  get isLabelled(): boolean {
    return this.context.labels === true && Array.isArray(runSelector(this.query.runs));
  }

  /** Returns the frames anew; undefined where no row came. */
  async goOn(): Promise<DataFrame[] | undefined> {
    const read = await this.read();
    return read === this.last ? undefined : this.show(read);
  }

  async lookUpRuns(): Promise<void> {
    const { where, ...runs } = runWhere(this.query.runs);
    const body = { ...runs, where: [...where, { column: 'state', op: 'eq' as const, value: 'running' }], limit: 1 };
    const { client, signal } = this.context;
    this.isRunning = (await client.ask('queryRuns', { body }, signal)).runs.length > 0;
  }

  private read(): Promise<Read> {
    const { query, context } = this;
    const { refId: _, ...rest } = query;
    // Rows of any step may make another one the nearest.
    const isNearest = nearestTo(query.step) !== undefined;
    const rows = isNearest ? { runs: runSelector(query.runs), table: query.table } : rowSelection(query);
    return context.known.tables.read(JSON.stringify(rest), rows, () => this.load(), context.signal);
  }

  private async load(): Promise<Read> {
    const { client, signal } = this.context;
    const { query, notice } = await atNearestStep(this.query, this.context);
    const body = rowsRequest(query);
    const answer = await client.ask('queryRows', { body }, signal);
    const notes = await readingNotes(answer, this.context);
    const said = [notice, notes].filter((one) => one !== undefined).join(' · ');
    return { body, answer, notice: said || undefined, asOf: answer.asOf };
  }

  private show(read: Read): DataFrame[] {
    this.last = read;
    const { body, answer, notice } = read;
    return [rowsFrame(answer, body, this.context.uid, this.query.refId, notice)];
  }
}
