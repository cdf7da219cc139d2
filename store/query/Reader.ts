import { DEFAULT_VERDICTS, LIMITS } from '@rolloscope/contract';
import type {
  EventsAnswer,
  EventsQuery,
  ExportRequest,
  LabelsQuery,
  MetricListAnswer,
  MetricListRequest,
  Run,
  TableListAnswer,
  TableListRequest,
} from '@rolloscope/contract/types';
import type { Access } from '../Access';
import type { Engine } from '../engine/Engine';
import { sorted } from '../pacing/sorted';
import { PatternThreads } from '../patterns/PatternThreads';
import { jsonNumber, type RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import type { Reading, RowStream } from '../services';
import { Turn } from '../Turn';
import { metricsOf } from './chooseNames';
import { checkOrder, chooseRows, requireColumn, unnamedColumns } from './chooseRows';
import { chooseRuns } from './chooseRuns';
import { exportRows } from './exportRows';
import type { ReadContext } from './ReadContext';
import { readDistribution } from './readDistribution';
import { readFacets } from './readFacets';
import { readGroups } from './readGroups';
import { readLabels } from './readLabels';
import { readMetrics } from './readMetrics';
import { readRow, readRows } from './readRows';
import { listKeys, listProjects, listRuns, listValues } from './runLists';
import { SelectableRuns } from './SelectableRuns';
import { SliceRoom } from './SliceRoom';

/** The reading half: who may see what, what is missing, and the engine's answers in the contract's shapes. */
export class Reader implements Reading {
  /** For patterns over what runs are. */
  private readonly patterns = new PatternThreads(2, 1);
  /** For exports in an order of their own. */
  private readonly slices = new SliceRoom();

  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    /** What a verdict may be. */
    private readonly verdicts: readonly string[] = DEFAULT_VERDICTS,
  ) {}

  private seenBy(access: Access): SelectableRuns {
    return new SelectableRuns(this.runIndex, access, this.patterns);
  }

  private context(access: Access): ReadContext {
    return { engine: this.engine, seen: this.seenBy(access) };
  }

  async close(): Promise<void> {
    await this.patterns.close();
  }

  async projects(access: Access) {
    return listProjects(this.seenBy(access));
  }

  async runs(request: Parameters<Reading['runs']>[0], access: Access) {
    return listRuns(this.seenBy(access), request);
  }

  async run(id: string, access: Access): Promise<Run> {
    const seen = this.seenBy(access);
    const entry = seen.find(id);
    if (!entry) {
      throw new StoreError('run_not_found', `No such run: ${JSON.stringify(id)}.`);
    }
    return seen.toRun(entry, { config: true, summary: true });
  }

  async keys(request: Parameters<Reading['keys']>[0], access: Access) {
    return listKeys(this.seenBy(access), request);
  }

  async values(request: Parameters<Reading['values']>[0], access: Access) {
    return listValues(this.seenBy(access), request);
  }

  async metricList(request: MetricListRequest, access: Access): Promise<MetricListAnswer> {
    const { entries, missing } = await chooseRuns(this.seenBy(access), request.runs);
    const needle = request.q?.toLowerCase() ?? '';
    const turn = new Turn();
    const fitting: string[] = [];
    await turn.all(await metricsOf(entries), (name) => {
      if (name.toLowerCase().includes(needle)) {
        fitting.push(name);
      }
    });
    const names = await sorted(fitting, (a, b) => (a < b ? -1 : 1), turn);
    const limit = request.limit ?? LIMITS.listEntries;
    const scopes = entries.map((entry) => this.runIndex.scope(entry));
    const found = await this.engine.metricSummaries(scopes, names.slice(0, limit));
    return {
      metrics: found.map(({ firstStep, lastStep, min, max, last, ...metric }) => ({
        ...metric,
        last: jsonNumber(last),
        ...(firstStep !== null && { firstStep }),
        ...(lastStep !== null && { lastStep }),
        ...(min !== null && { min }),
        ...(max !== null && { max }),
      })),
      ...(missing.length > 0 && { missing: { runs: missing } }),
      ...(names.length > limit && { truncated: true }),
    };
  }

  /** Tables of rollouts first, whatever else a run logged before them; else in the order of logging. */
  async tableList(request: TableListRequest, access: Access): Promise<TableListAnswer> {
    const { entries, missing } = await chooseRuns(this.seenBy(access), request.runs);
    const tables = await this.engine.tableSummaries(entries.map((entry) => this.runIndex.scope(entry)));
    const isRollouts = ({ columns }: (typeof tables)[number]) =>
      columns.some(({ role }) => role === 'prompt' || role === 'response' || role === 'messages');
    tables.sort((a, b) => Number(isRollouts(b)) - Number(isRollouts(a)));
    return {
      tables: tables.map(({ firstStep, lastStep, ...table }) => ({
        ...table,
        ...(firstStep !== null && { firstStep }),
        ...(lastStep !== null && { lastStep }),
      })),
      ...(missing.length > 0 && { missing: { runs: missing } }),
    };
  }

  metrics(request: Parameters<Reading['metrics']>[0], access: Access) {
    return readMetrics(this.context(access), request);
  }

  rows(request: Parameters<Reading['rows']>[0], access: Access) {
    return readRows(this.context(access), request);
  }

  row(rowId: string, access: Access) {
    return readRow(this.context(access), rowId);
  }

  distribution(request: Parameters<Reading['distribution']>[0], access: Access) {
    return readDistribution(this.context(access), request);
  }

  groups(request: Parameters<Reading['groups']>[0], access: Access) {
    return readGroups(this.context(access), request);
  }

  facets(request: Parameters<Reading['facets']>[0], access: Access) {
    return readFacets(this.context(access), request);
  }

  async openExport(request: ExportRequest, access: Access): Promise<RowStream> {
    const chosen = await chooseRows(this.context(access), request);
    const { query, columns } = chosen;
    const named = request.columns?.map((name) => requireColumn(columns, request.table, name));
    const shown = named ?? unnamedColumns(chosen);
    const orderBy = checkOrder(columns, request.table, request.orderBy);
    const numbers = await this.engine.rowNumbers(query, orderBy);
    const names = shown.map(({ name }) => name);
    return {
      columns: shown,
      total: numbers.rows.length,
      chunks: () => exportRows(this.engine, query.table, query.scopes, numbers, names, this.slices),
    };
  }

  labels(rowId: string, query: LabelsQuery, access: Access) {
    return readLabels(this.context(access), rowId, query, this.verdicts);
  }

  async events(query: EventsQuery, access: Access): Promise<EventsAnswer> {
    const list = (text: string | undefined) => text?.split(',').filter(Boolean).map(decodeURIComponent);
    const seen = this.seenBy(access);
    const entries = list(query.run)?.flatMap((id) => seen.named(id)) ?? seen.all();
    const ids = new Map(entries.map((entry) => [entry.record.id, seen.idOf(entry)]));
    const types = list(query.types);
    const events = await this.engine.events({
      runs: [...ids.keys()],
      ...(query.from !== undefined && { from: Number(query.from) }),
      ...(query.to !== undefined && { to: Number(query.to) }),
      ...(types && { types }),
      limit: LIMITS.events + 1,
    });
    return {
      events: events.slice(0, LIMITS.events).map((event) => ({ ...event, run: ids.get(event.run) ?? event.run })),
      ...(events.length > LIMITS.events && { truncated: true }),
    };
  }
}
