import { DEFAULT_VERDICTS, LIMITS } from '@rolloscope/contract';
import { compareTexts, foldCase } from '@rolloscope/contract/texts';
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
import type { Asker } from '../Access';
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

  private seenBy(asker: Asker): SelectableRuns {
    return new SelectableRuns(this.runIndex, asker, this.patterns);
  }

  private context(asker: Asker): ReadContext {
    return { engine: this.engine.readsFor(asker), seen: this.seenBy(asker) };
  }

  async close(): Promise<void> {
    await this.patterns.close();
  }

  async projects(asker: Asker) {
    return listProjects(this.seenBy(asker));
  }

  async runs(request: Parameters<Reading['runs']>[0], asker: Asker) {
    return listRuns(this.seenBy(asker), request);
  }

  async run(id: string, asker: Asker): Promise<Run> {
    const seen = this.seenBy(asker);
    const entry = seen.find(id);
    if (!entry) {
      throw new StoreError('run_not_found', `No such run: ${JSON.stringify(id)}.`);
    }
    return seen.toRun(entry, { config: true, summary: true });
  }

  async keys(request: Parameters<Reading['keys']>[0], asker: Asker) {
    return listKeys(this.seenBy(asker), request);
  }

  async values(request: Parameters<Reading['values']>[0], asker: Asker) {
    return listValues(this.seenBy(asker), request);
  }

  async metricList(request: MetricListRequest, asker: Asker): Promise<MetricListAnswer> {
    const { engine, seen } = this.context(asker);
    const { entries, missing } = await chooseRuns(seen, request.runs);
    const needle = foldCase(request.q ?? '');
    const turn = new Turn(asker.signal);
    const fitting: string[] = [];
    await turn.all(await metricsOf(entries, asker.signal), (name) => {
      if (foldCase(name).includes(needle)) {
        fitting.push(name);
      }
    });
    const names = await sorted(fitting, compareTexts, turn);
    const limit = request.limit ?? LIMITS.listEntries;
    const scopes = entries.map((entry) => this.runIndex.scope(entry));
    const found = await engine.metricSummaries(scopes, names.slice(0, limit));
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
  async tableList(request: TableListRequest, asker: Asker): Promise<TableListAnswer> {
    const { engine, seen } = this.context(asker);
    const { entries, missing } = await chooseRuns(seen, request.runs);
    const tables = await engine.tableSummaries(entries.map((entry) => this.runIndex.scope(entry)));
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

  metrics(request: Parameters<Reading['metrics']>[0], asker: Asker) {
    return readMetrics(this.context(asker), request);
  }

  rows(request: Parameters<Reading['rows']>[0], asker: Asker) {
    return readRows(this.context(asker), request);
  }

  row(rowId: string, asker: Asker) {
    return readRow(this.context(asker), rowId);
  }

  distribution(request: Parameters<Reading['distribution']>[0], asker: Asker) {
    return readDistribution(this.context(asker), request);
  }

  groups(request: Parameters<Reading['groups']>[0], asker: Asker) {
    return readGroups(this.context(asker), request);
  }

  facets(request: Parameters<Reading['facets']>[0], asker: Asker) {
    return readFacets(this.context(asker), request);
  }

  async openExport(request: ExportRequest, asker: Asker): Promise<RowStream> {
    const context = this.context(asker);
    const chosen = await chooseRows(context, request);
    const { query, columns } = chosen;
    const named = request.columns?.map((name) => requireColumn(columns, request.table, name));
    const shown = named ?? unnamedColumns(chosen);
    const orderBy = checkOrder(columns, request.table, request.orderBy);
    const numbers = await context.engine.rowNumbers(query, orderBy);
    const names = shown.map(({ name }) => name);
    return {
      columns: shown,
      total: numbers.rows.length,
      chunks: (taker) => exportRows(this.engine, taker, { ...query, numbers, columns: names }, this.slices),
    };
  }

  labels(rowId: string, query: LabelsQuery, asker: Asker) {
    return readLabels(this.context(asker), rowId, query, this.verdicts);
  }

  async events(query: EventsQuery, asker: Asker): Promise<EventsAnswer> {
    const list = (text: string | undefined) => text?.split(',').filter(Boolean).map(decodeURIComponent);
    const { engine, seen } = this.context(asker);
    const entries = list(query.run)?.flatMap((id) => seen.named(id)) ?? seen.all();
    const ids = new Map(entries.map((entry) => [entry.record.id, seen.idOf(entry)]));
    const types = list(query.types);
    const events = await engine.events({
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
