import type { OrderBy } from '@rolloscope/contract/types';
import type {
  EngineReads,
  FacetQuery,
  GroupColumns,
  LabelEntry,
  LatestOfRun,
  MetricPoint,
  NewestAsk,
  Rollout,
  RowQuery,
  RunScope,
  SeriesQuery,
  TimeSeriesQuery,
} from '../../EngineReads';
import type { TableColumn } from '../../TableColumn';
import type { Catalogue } from '../catalogue/Catalogue';
import { Parameters as Values } from '../Parameters';
import type { Server } from '../Server';
import { readGrid, readHistogram } from './distribution';
import { readFacets } from './facets';
import { readGroups } from './groups';
import { readKnownPoints, readNewestPoints } from './lookUps';
import { countRolloutRows, readRollout, readRowById } from './rowById';
import { countMatching, type PageOptions, readNumbers, readRowPage, readRowsByNumber } from './rows';
import { readSeries } from './series';
import { readBytesOfRuns, readMetricSummaries, readTableColumns, readTableSummaries } from './summaries';
import type { Reading } from './TableView';
import { readTimeSeries } from './timeSeries';

/** The question of a read. */
type Asked<Member extends 'events' | 'eventMarks'> = Parameters<EngineReads[Member]>[0];

/** The message of ClickHouse about a pattern that is none. */
const PATTERN_FAULT = /cannot compile re2: .*, error: (.*?)\. Look at /s;

/** The reads of the ClickHouse engine on behalf of somebody; each is a function of its own beside this file. */
export class ClickHouseReads implements EngineReads, Reading {
  constructor(
    readonly server: Server,
    readonly catalogue: Catalogue,
  ) {}

  get storeId(): string {
    return this.catalogue.storeId;
  }

  get opening(): string {
    return this.catalogue.opening;
  }

  get openedAt(): number {
    return this.catalogue.openedAt;
  }

  async position(): Promise<number> {
    return (await this.catalogue.moment()).position;
  }

  series(query: SeriesQuery) {
    return readSeries(this, query);
  }

  timeSeries(query: TimeSeriesQuery) {
    return readTimeSeries(this, query);
  }

  async metricSummaries(scopes: RunScope[], metrics: string[]) {
    return readMetricSummaries(this, scopes, metrics, await this.position());
  }

  /** Runs in the order of their creation, as their keys are. */
  async latestPoints(): Promise<LatestOfRun[]> {
    const latest = await this.catalogue.latestPoints();
    const keys = await this.catalogue.runKeys(latest.map(({ run }) => run));
    const keyOf = ({ run }: LatestOfRun) => keys.get(run) ?? Number.POSITIVE_INFINITY;
    return latest.sort((a, b) => keyOf(a) - keyOf(b));
  }

  newestPoints(asked: readonly NewestAsk[], position: number, most?: number) {
    return readNewestPoints(this, asked, position, most);
  }

  knownPoints(run: string, asked: readonly MetricPoint[]) {
    return readKnownPoints(this, run, asked);
  }

  reached() {
    return this.catalogue.reached();
  }

  async tableSummaries(scopes: RunScope[]) {
    return readTableSummaries(this, scopes, await this.position());
  }

  async tableColumns(runs: string[], table: string): Promise<TableColumn[]> {
    return readTableColumns(this, runs, table, await this.position());
  }

  async tablesOf(run: string): Promise<Array<{ name: string; columns: TableColumn[] }>> {
    const tables = await this.catalogue.columnsOf([run]);
    return Promise.all(
      [...tables.keys()].map(async (name) => ({ name, columns: await this.tableColumns([run], name) })),
    );
  }

  metricRoom(metrics: readonly string[]) {
    return this.catalogue.metricRoom(metrics);
  }

  columnCount() {
    return this.catalogue.columnCount();
  }

  tableRoom(run: string, table: string) {
    return this.catalogue.tableRoom(run, table);
  }

  async patternFault(pattern: string): Promise<string | undefined> {
    const parameters = new Values();
    try {
      await this.server.read(`SELECT match('', ${parameters.text(pattern)})`, parameters);
      return undefined;
    } catch (error) {
      const [, fault] = PATTERN_FAULT.exec(error instanceof Error ? error.message : '') ?? [];
      if (fault === undefined) {
        throw error;
      }
      return fault;
    }
  }

  countRows(query: RowQuery) {
    return countMatching(this, query);
  }

  rows(query: RowQuery, page: PageOptions) {
    return readRowPage(this, query, page);
  }

  rowNumbers(query: RowQuery, orderBy: OrderBy) {
    return readNumbers(this, query, orderBy);
  }

  async rowsByNumber(
    table: string,
    scopes: RunScope[],
    rows: ArrayLike<number>,
    columns: string[],
    { preview, position }: { preview?: number; position?: number } = {},
  ) {
    const query = { table, scopes, position: position ?? (await this.position()) };
    return readRowsByNumber(this, query, rows, columns, preview);
  }

  rowById(row: number) {
    return readRowById(this, row);
  }

  rolloutOf(row: number) {
    return readRollout(this, row);
  }

  rowsOfRollout(rollout: Rollout) {
    return countRolloutRows(this, rollout);
  }

  labelsOf(rollout: Rollout): Promise<LabelEntry[]> {
    return this.catalogue.labelsOf(rollout);
  }

  labelCount(run: string) {
    return this.catalogue.labelCount(run);
  }

  labelledAt(runs: readonly string[], table: string) {
    return this.catalogue.labelledAt(runs, table);
  }

  histogram(query: RowQuery, column: string, bins: number) {
    return readHistogram(this, query, column, bins);
  }

  grid(query: RowQuery, column: string, by: string, bins: number, byBins: number) {
    return readGrid(this, query, { column, by, bins, byBins });
  }

  facets(query: RowQuery, asked: FacetQuery) {
    return readFacets(this, query, asked);
  }

  groups(query: RowQuery, columns: GroupColumns) {
    return readGroups(this, query, columns);
  }

  events(query: Asked<'events'>) {
    return this.catalogue.events(query);
  }

  eventMarks(query: Asked<'eventMarks'>) {
    return this.catalogue.eventMarks(query);
  }

  bytesOfRuns() {
    return readBytesOfRuns(this);
  }
}
