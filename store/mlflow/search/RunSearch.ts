import type { Access } from '../../Access';
import type { RunBook, RunEntry } from '../../runs/RunBook';
import { Turn } from '../../Turn';
import { paramText } from '../configValue';
import { projectOf } from '../experimentId';
import type { RunSessions } from '../RunSessions';
import { RUN_ID, tagFields } from '../runFields';
import { runInfo, runView } from '../runView';
import { pageOf } from './page';
import { searchFilter } from './searchFilter';
import type { Searched } from './searchKey';
import { searchOrder } from './searchOrder';

/** Runs in one answer. */
const MOST_FOUND = 1_000;
const ATTRIBUTES = [
  ...['run_id', 'run_name', 'experiment_id', 'user_id', 'status', 'start_time', 'end_time', 'artifact_uri'],
  'lifecycle_stage',
];

type Tags = Readonly<Record<string, string>>;

/** Finds runs as MLflow's `search_runs` does. */
export class RunSearch {
  constructor(
    private readonly book: RunBook,
    private readonly sessions: RunSessions,
  ) {}

  /** Of the experiments asked for that the client may write to; as long as no order is asked for, the latest first. */
  async find(body: Record<string, unknown>, access: Access): Promise<{ runs: object[]; next_page_token?: string }> {
    const filter = searchFilter(body.filter, ATTRIBUTES);
    const order = searchOrder(body.order_by, ATTRIBUTES);
    const readsTags = [...filter.keys, ...order.keys].some(({ kind }) => kind === 'tags');
    const found: Array<{ entry: RunEntry; searched: Searched }> = [];
    const turn = new Turn();
    for (const entry of this.entries(body, access)) {
      const searched = searchedOf(entry, readsTags ? await this.tagsOf(entry) : {});
      if (filter.fits(searched)) {
        found.push({ entry, searched });
      }
      if (turn.isOver) {
        await turn.next();
      }
    }
    found.sort((a, b) => order.compare(a.searched, b.searched) || b.entry.record.createdAt - a.entry.record.createdAt);
    const { page, ...more } = pageOf(found, body, MOST_FOUND);
    const runs = await Promise.all(page.map(async ({ entry }) => runView(entry, await this.tagsOf(entry))));
    return { runs, ...more };
  }

  private entries(body: Record<string, unknown>, access: Access): RunEntry[] {
    const ids = Array.isArray(body.experiment_ids) ? body.experiment_ids : [];
    const projects = new Set(ids.map(projectOf).filter((one) => one !== undefined && access.writes(one)));
    const isAsked = body.run_view_type !== 'DELETED_ONLY';
    return [...this.book.all()].filter(
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
