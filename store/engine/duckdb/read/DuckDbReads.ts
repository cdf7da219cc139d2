import type { DuckDBValue } from '@duckdb/node-api';
import type { OrderBy, RunEvent } from '@rolloscope/contract/types';
import type { PatternThreads } from '../../../patterns/PatternThreads';
import type {
  AttemptReach,
  CountedPage,
  EngineReads,
  FacetQuery,
  GroupColumns,
  MetricPoint,
  MetricRoom,
  NewestAsk,
  Rollout,
  RowNumbers,
  RowPage,
  RowQuery,
  RunScope,
  SeriesQuery,
  TableRoom,
  TimeSeriesQuery,
} from '../../EngineReads';
import type { TableColumn } from '../../TableColumn';
import type { Layout } from '../Layout';
import { countRolloutRows, readLabels, readRollout } from '../labels';
import type { Read, Reads } from '../Reads';
import { selectColumns } from './columnSql';
import { readGrid, readHistogram } from './distribution';
import { readEventMarks } from './eventMarks';
import { readFacets } from './facets';
import { readGroups } from './groups';
import { readKnownPoints } from './knownPoints';
import { readLatestPoints } from './latestPoints';
import { readNewestPoints } from './newestPoints';
import { countRows, type PageOptions, readCells, readNumbers, readRowPage } from './rows';
import { selectRows, type Texts } from './rowsSql';
import { searchTexts } from './searchTexts';
import { readSeries } from './series';
import { readMetricSummaries, readTableSummaries } from './summaries';
import { readTimeSeries } from './timeSeries';

/** Tables that one statement looks for a row in. */
const TABLES_AT_ONCE = 500;
/** Tables, of hundreds of columns it may be, that one statement sums up: to plan twice as many takes far more than twice as long. */
const TABLES_SUMMED = 50;

/** The opening of a store that is read, and how far commits are by now. */
export interface Moment {
  readonly storeId: string;
  readonly opening: string;
  readonly openedAt: number;
  position: number;
}

/** The reads of the DuckDB engine on behalf of somebody; each is a function of its own beside this file. */
export class DuckDbReads implements EngineReads {
  constructor(
    protected readonly database: Reads,
    protected readonly layout: Layout,
    /** Threads for texts over which a pattern may take so long that it has to be ended. */
    protected readonly threads: PatternThreads,
    protected readonly moment: Moment,
  ) {}

  get storeId(): string {
    return this.moment.storeId;
  }

  get opening(): string {
    return this.moment.opening;
  }

  get openedAt(): number {
    return this.moment.openedAt;
  }

  async position(): Promise<number> {
    return this.moment.position;
  }

  series(query: SeriesQuery) {
    return readSeries(this.database, this.layout, query);
  }

  timeSeries(query: TimeSeriesQuery) {
    return readTimeSeries(this.database, this.layout, query);
  }

  async metricSummaries(scopes: RunScope[], metrics: string[]) {
    return readMetricSummaries(this.database, this.layout, scopes, metrics, await this.position());
  }

  latestPoints() {
    return readLatestPoints(this.database, this.layout);
  }

  newestPoints(asked: readonly NewestAsk[], position: number, most?: number) {
    return readNewestPoints(this.database, this.layout, asked, position, most);
  }

  knownPoints(run: string, asked: readonly MetricPoint[]) {
    return readKnownPoints(this.database, this.layout, run, asked);
  }

  async metricRoom(metrics: readonly string[]): Promise<MetricRoom> {
    const known = new Set(metrics.filter((metric) => this.layout.metrics.find(metric) !== undefined));
    return { names: this.layout.metrics.size, known };
  }

  async columnCount(): Promise<number> {
    return this.layout.columnCount;
  }

  async reached(): Promise<AttemptReach[]> {
    const own = (step: string) => `run, attempt, ${step}, time, CASE WHEN ${step} > 0 THEN ${step} END`;
    const parts = [
      'SELECT run, attempt, step, time, aboveZero FROM reaches',
      `SELECT ${own('step')} FROM points WHERE position > ${this.layout.rolledTo}`,
      ...[...this.layout.tables.keys()].map((key) => `SELECT ${own('entryStep')} FROM rows_${key}`),
    ];
    const columns = await this.database.lookUp(
      `SELECT run, attempt, max(step)::DOUBLE, max(time)::DOUBLE, min(aboveZero)::DOUBLE FROM (${parts.join(' UNION ALL ')})
       GROUP BY run, attempt`,
    );
    return columns.at<number>(0).map((run, i) => ({
      run: this.layout.runs.nameOf(run),
      attempt: columns.at<number>(1)[i] ?? 1,
      step: columns.at<number | null>(2)[i] ?? null,
      time: columns.at<number>(3)[i] ?? 0,
      aboveZero: columns.at<number | null>(4)[i] ?? null,
    }));
  }

  async tableSummaries(scopes: RunScope[]) {
    return readTableSummaries(this.database, this.layout, scopes, await this.position());
  }

  async tableColumns(runs: string[], table: string): Promise<TableColumn[]> {
    return this.columnsOf(runs, table);
  }

  private columnsOf(runs: string[], table: string): TableColumn[] {
    const layout = this.layout.table(table);
    if (!layout) {
      return [];
    }
    return selectColumns(this.layout, layout, runs).map(({ name, type, role, places }) => ({
      name,
      type,
      origin: places.every(({ origin }) => origin === 'derived') ? 'derived' : 'logged',
      ...(role && { role }),
    }));
  }

  async tablesOf(run: string): Promise<Array<{ name: string; columns: TableColumn[] }>> {
    const key = this.layout.runs.find(run) ?? -1;
    return [...this.layout.tables.values()].flatMap((table) => {
      const name = this.layout.tableNames.nameOf(table.key);
      return table.byRun.has(key) ? [{ name, columns: this.columnsOf([run], name) }] : [];
    });
  }

  async tableRoom(run: string, table: string): Promise<TableRoom> {
    const known = this.layout.table(table);
    const key = this.layout.runs.find(run) ?? -1;
    let tablesOfRun = 0;
    for (const { byRun } of this.layout.tables.values()) {
      tablesOfRun += byRun.has(key) ? 1 : 0;
    }
    return {
      tables: this.layout.tables.size,
      tablesOfRun,
      columnsOfAll: this.layout.placeCount,
      columns: known?.physical.length ?? 0,
      has: ({ name, type }) => known !== undefined && this.layout.place(known.key, name, type) !== undefined,
    };
  }

  async patternFault(pattern: string): Promise<string | undefined> {
    try {
      await this.database.read("SELECT regexp_matches('', $1::VARCHAR)", [pattern]);
      return undefined;
    } catch (error) {
      const [, fault] = /^Invalid Input Error: (.*)/s.exec(error instanceof Error ? error.message : '') ?? [];
      if (fault === undefined) {
        throw error;
      }
      return fault;
    }
  }

  /** Reads of a selection, whose search comes first. */
  private of<T>(query: RowQuery, work: (read: Read, texts: Texts) => Promise<T>): Promise<T> {
    return searchTexts({ database: this.database, layout: this.layout, threads: this.threads }, query, work);
  }

  countRows(query: RowQuery): Promise<number> {
    return this.of(query, (read, texts) => countRows(read, this.layout, query, texts));
  }

  rows(query: RowQuery, page: PageOptions): Promise<CountedPage> {
    return this.of(query, (read, texts) => readRowPage(read, this.layout, query, texts, page));
  }

  rowNumbers(query: RowQuery, orderBy: OrderBy): Promise<RowNumbers> {
    return this.of(query, (read, texts) => readNumbers(read, this.layout, query, texts, orderBy));
  }

  async rowsByNumber(
    table: string,
    scopes: RunScope[],
    rows: ArrayLike<number>,
    columns: string[],
    { preview, position }: { preview?: number; position?: number } = {},
  ): Promise<RowPage> {
    const query = { scopes, table, latest: false, position: position ?? (await this.position()) };
    const selected = selectRows(this.layout, query);
    return selected
      ? this.database.session((read) => readCells(read, this.layout, selected, scopes, rows, columns, preview))
      : { rows: [], ids: [], cut: [] };
  }

  /** Finds where the row of a number is; returns undefined where there is none. */
  private async placeOfRow(row: number) {
    const keys = [...this.layout.tables.keys()];
    for (let from = 0; from < keys.length; from += TABLES_AT_ONCE) {
      const parts = keys
        .slice(from, from + TABLES_AT_ONCE)
        .map((key) => `SELECT run, step, time, ${key} AS key FROM rows_${key} WHERE row = ${row}`);
      const found = await this.database.read(
        `SELECT run, step::DOUBLE, time::DOUBLE, key FROM (${parts.join(' UNION ALL ')})`,
      );
      if (found.count > 0) {
        const run = this.layout.runs.nameOf(found.at<number>(0)[0] ?? 0);
        const table = this.layout.tableNames.nameOf(found.at<number>(3)[0] ?? 0);
        return { run, table, step: found.at<number | null>(1)[0] ?? null, time: found.at<number>(2)[0] ?? 0 };
      }
    }
    return undefined;
  }

  async rowById(row: number) {
    const place = await this.placeOfRow(row);
    if (!place) {
      return undefined;
    }
    const { run, table } = place;
    const names = this.columnsOf([run], table).map(({ name }) => name);
    const page = await this.rowsByNumber(table, [{ run }], [row], names);
    return { ...place, cells: Object.fromEntries(names.map((name, i) => [name, page.rows[0]?.[i] ?? null])) };
  }

  async rolloutOf(row: number) {
    const place = await this.placeOfRow(row);
    return place && readRollout(this.database.read.bind(this.database), this.layout, { row, ...place });
  }

  rowsOfRollout(rollout: Rollout) {
    return countRolloutRows(this.database.read.bind(this.database), this.layout, rollout);
  }

  labelsOf(rollout: Rollout) {
    return readLabels(this.database.read.bind(this.database), this.layout, rollout);
  }

  async labelCount(run: string): Promise<number> {
    return this.layout.labels.count(this.layout.runs.find(run) ?? -1);
  }

  async labelledAt(runs: readonly string[], table: string): Promise<number> {
    const key = this.layout.tableNames.find(table) ?? -1;
    return Math.max(0, ...runs.map((run) => this.layout.labels.changedAt(this.layout.runs.find(run) ?? -1, key)));
  }

  histogram(query: RowQuery, column: string, bins: number) {
    return this.of(query, (read, texts) => readHistogram(read, this.layout, query, texts, column, bins));
  }

  grid(query: RowQuery, column: string, by: string, bins: number, byBins: number) {
    return this.of(query, (read, texts) => readGrid(read, this.layout, query, texts, { column, by, bins, byBins }));
  }

  facets(query: RowQuery, asked: FacetQuery) {
    return this.of(query, (read, texts) => readFacets(read, this.layout, query, texts, asked));
  }

  groups(query: RowQuery, columns: GroupColumns) {
    return this.of(query, (read, texts) => readGroups(read, this.layout, query, texts, columns));
  }

  async events(query: {
    runs?: string[];
    from?: number;
    to?: number;
    types?: string[];
    limit: number;
  }): Promise<RunEvent[]> {
    const values: DuckDBValue[] = [];
    const conditions = ['true'];
    if (query.runs) {
      const keys = query.runs.flatMap((run) => this.layout.runs.find(run) ?? []);
      conditions.push(`run IN (${keys.join(', ') || 'NULL'})`);
    }
    if (query.from !== undefined) {
      conditions.push(`time >= ${query.from}`);
    }
    if (query.to !== undefined) {
      conditions.push(`time <= ${query.to}`);
    }
    if (query.types) {
      conditions.push(`type IN (${query.types.map((type) => `$${values.push(type)}`).join(', ') || 'NULL'})`);
    }
    const found = await this.database.read(
      `SELECT event FROM events WHERE ${conditions.join(' AND ')} ORDER BY time, rowid LIMIT ${query.limit}`,
      values,
    );
    return found.at<string>(0).map((event) => JSON.parse(event) as RunEvent);
  }

  eventMarks(query: { runs: string[]; types: string[]; limit: number }) {
    return readEventMarks(this.database, this.layout, query);
  }

  async bytesOfRuns(): Promise<Array<{ run: string; bytes: number }>> {
    // Bytes of a point: an estimate of seven compressed columns.
    const parts = [
      'SELECT run, sum(points) * 12 AS bytes FROM reaches GROUP BY run',
      `SELECT run, count(*) * 12 FROM points WHERE position > ${this.layout.rolledTo} GROUP BY run`,
    ];
    for (const { key, physical } of this.layout.tables.values()) {
      const lengths = physical.filter(({ type }) => type === 'string' || type === 'json');
      const texts = lengths.map(({ name }) => `coalesce(sum(${name}_n), 0)`).join(' + ') || '0';
      parts.push(
        `SELECT run, ${texts} + count(*) * ${8 * physical.length + 40} AS bytes FROM rows_${key} GROUP BY run`,
      );
    }
    const sums = new Map<number, number>();
    for (let from = 0; from < parts.length; from += TABLES_SUMMED) {
      const some = parts.slice(from, from + TABLES_SUMMED).join(' UNION ALL ');
      const { at } = await this.database.lookUp(`SELECT run, sum(bytes)::DOUBLE FROM (${some}) GROUP BY run`);
      at<number>(0).forEach((run, i) => {
        sums.set(run, (sums.get(run) ?? 0) + (at<number>(1)[i] ?? 0));
      });
    }
    return [...sums].map(([run, bytes]) => ({ run: this.layout.runs.nameOf(run), bytes: Math.round(bytes) }));
  }
}
