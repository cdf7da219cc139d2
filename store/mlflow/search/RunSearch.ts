import type { Access, Asker } from '../../Access';
import { sorted } from '../../pacing/sorted';
import { withinTime } from '../../pacing/withinTime';
import type { RunEntry } from '../../runs/RunEntry';
import type { RunIndex } from '../../runs/RunIndex';
import { memoryOf, sizeOf } from '../../runs/runSize';
import { Turn } from '../../Turn';
import { paramText } from '../configValue';
import { projectOf } from '../experimentId';
import type { MlflowSessions } from '../MlflowSessions';
import { RUN_ID, tagFields } from '../runFields';
import { runInfo, runView } from '../runView';
import { pageOf } from './page';
import { searchFilter } from './searchFilter';
import type { Searched } from './searchKey';
import { searchOrder } from './searchOrder';

/** Runs in one answer. */
const MOST_FOUND = 1_000;
/** Metrics and bytes of config of all its runs; it has fewer runs rather than more. */
const MOST_METRICS = 200_000;
const MOST_CONFIG_BYTES = 16 * 2 ** 20;
const ATTRIBUTES = [
  ...['run_id', 'run_name', 'experiment_id', 'user_id', 'status', 'start_time', 'end_time', 'artifact_uri'],
  'lifecycle_stage',
];

type Tags = Readonly<Record<string, string>>;

interface Found {
  runs: object[];
  next_page_token?: string;
}

/** Finds runs as MLflow's `search_runs` does. */
export class RunSearch {
  constructor(
    private readonly runIndex: RunIndex,
    private readonly sessions: MlflowSessions,
  ) {}

  /** Runs of the experiments asked for that the client may write to; as long as no order is asked for, the latest first. */
  find(body: Record<string, unknown>, asker: Asker, hold: (bytes: number) => void): Promise<Found> {
    return withinTime(asker, ({ signal }) => this.findInTime(body, { ...asker, signal }, hold));
  }

  private async findInTime(body: Record<string, unknown>, asker: Asker, hold: (bytes: number) => void): Promise<Found> {
    const filter = searchFilter(body.filter, ATTRIBUTES);
    const order = searchOrder(body.order_by, ATTRIBUTES);
    const readsTags = [...filter.keys, ...order.keys].some(({ kind }) => kind === 'tags');
    const found: Array<{ entry: RunEntry; searched: Searched }> = [];
    const turn = new Turn(asker.signal);
    for (const entry of this.entries(body, asker)) {
      const searched = searchedOf(entry, readsTags ? await this.tagsOf(entry) : {});
      if (filter.fits(searched)) {
        found.push({ entry, searched });
      }
      if (turn.isOver) {
        await turn.next();
      }
    }
    const ordered = await sorted(
      found,
      (a, b) => order.compare(a.searched, b.searched) || b.entry.record.createdAt - a.entry.record.createdAt,
      turn,
    );
    const { page, ...more } = pageOf(ordered, body, MOST_FOUND);
    const runs: object[] = [];
    let metrics = 0;
    let bytes = 0;
    for (const { entry } of page) {
      metrics += entry.latest.size;
      bytes += sizeOf(entry.record.config).bytes;
      if ((metrics > MOST_METRICS || bytes > MOST_CONFIG_BYTES) && runs.length > 0) {
        // The next page goes on where this one had to end.
        const { page: _, ...next } = pageOf(ordered, { ...body, max_results: runs.length }, MOST_FOUND);
        return { runs, ...next };
      }
      hold(memoryOf(entry));
      runs.push(runView(entry, await this.tagsOf(entry)));
      if (turn.isOver) {
        await turn.next();
      }
    }
    return { runs, ...more };
  }

  private entries(body: Record<string, unknown>, access: Access): RunEntry[] {
    const ids = Array.isArray(body.experiment_ids) ? body.experiment_ids : [];
    const projects = new Set(ids.map(projectOf).filter((one) => one !== undefined && access.writes(one)));
    const isAsked = body.run_view_type !== 'DELETED_ONLY';
    return [...this.runIndex.all()].filter(
      ({ record }) => isAsked && projects.has(record.project) && record.config[RUN_ID] !== undefined,
    );
  }

  private async tagsOf(entry: RunEntry): Promise<Tags> {
    return (await this.sessions.peek(entry)).state.tags;
  }
}

function searchedOf(entry: RunEntry, tags: Tags): Searched {
  const { config, name: runName } = entry.record;
  const own = <T>(values: Readonly<Record<string, T>>, name: string) =>
    Object.hasOwn(values, name) ? values[name] : undefined;
  return ({ kind, name }) => {
    switch (kind) {
      case 'attributes':
        return own<string | number | undefined>(runInfo(entry), name);
      case 'metrics':
        return entry.latest.get(name)?.value;
      case 'tags':
        return name === 'mlflow.runName' ? runName : own(tags, name);
      case 'params': {
        const isParam = Object.hasOwn(config, name) && name !== RUN_ID && !Object.hasOwn(tagFields(tags).config, name);
        return isParam ? paramText(config[name]) : undefined;
      }
    }
  };
}
