import { DEFAULT_VERDICTS } from '@rolloscope/contract';
import type {
  EventsQuery,
  ExportRequest,
  LabelsQuery,
  MetricListRequest,
  Run,
  TableListRequest,
} from '@rolloscope/contract/types';
import type { Asker } from '../Access';
import type { Engine } from '../engine/Engine';
import type { ReadOptions } from '../engine/ReadOptions';
import { PatternThreads } from '../patterns/PatternThreads';
import type { RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import type { Reading } from '../services';
import { openExport } from './exportRows';
import type { ReadContext } from './ReadContext';
import { readDistribution } from './readDistribution';
import { readEvents } from './readEvents';
import { readFacets } from './readFacets';
import { readGroups } from './readGroups';
import { readLabels } from './readLabels';
import { readMetricList } from './readMetricList';
import { readMetrics } from './readMetrics';
import { readRow, readRows } from './readRows';
import { readTableList } from './readTableList';
import { listKeys, listProjects, listRuns, listValues } from './runLists';
import { SelectableRuns } from './SelectableRuns';
import { SliceRoom } from './SliceRoom';

/** The reading half: whoever asks gets the context in which each read is a function of its own. */
export class Reader implements Reading {
  /** Threads for patterns over what runs are. */
  private readonly patterns = new PatternThreads(2, 1);
  /** Room for exports in an order of their own. */
  private readonly slices = new SliceRoom();

  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    /** The verdicts that labels may have. */
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

  metricList(request: MetricListRequest, asker: Asker) {
    return readMetricList(this.context(asker), request);
  }

  tableList(request: TableListRequest, asker: Asker) {
    return readTableList(this.context(asker), request);
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

  openExport(request: ExportRequest, asker: Asker) {
    const again = (taker: ReadOptions) => this.engine.readsFor(taker);
    return openExport(this.context(asker), request, again, this.slices);
  }

  labels(rowId: string, query: LabelsQuery, asker: Asker) {
    return readLabels(this.context(asker), rowId, query, this.verdicts);
  }

  events(query: EventsQuery, asker: Asker) {
    return readEvents(this.context(asker), query);
  }
}
