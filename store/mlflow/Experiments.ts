import { type Access, requireWrites } from '../Access';
import { nameOf } from '../formats/nameOf';
import type { RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import { experimentIdOf, projectOf } from './experimentId';
import { MlflowError } from './mlflowError';
import { pageOf } from './search/page';
import { searchFilter } from './search/searchFilter';
import type { Searched } from './search/searchKey';
import { searchOrder } from './search/searchOrder';

/** Experiments without a run that are remembered. */
const MOST_CREATED = 10_000;
/** Experiments in one answer. */
const MOST_FOUND = 1_000;
const ATTRIBUTES = [
  'name',
  'experiment_id',
  'creation_time',
  'last_update_time',
  'artifact_location',
  'lifecycle_stage',
];

/** MLflow's experiments, which are projects: a project is there when it has a run, an experiment when it was created. */
export class Experiments {
  /** Times of creation in epoch milliseconds, by project. */
  private readonly created = new Map<string, number>();

  constructor(private readonly runIndex: RunIndex) {}

  /** Throws `RESOURCE_DOES_NOT_EXIST`, for which clients create the experiment. */
  getByName(name: unknown, access: Access): { experiment: object } {
    const project = nameOf(name);
    if (project === undefined || !this.isThere(project, access)) {
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no experiment ${JSON.stringify(project ?? null)}.`);
    }
    return { experiment: view(project) };
  }

  /** Any id that the store ever gave is an experiment: clients keep them, and a project needs no making. */
  get(id: unknown, access: Access): { experiment: object } {
    const project = projectOf(id);
    if (project === undefined || !(access.writes(project) || access.reads(project))) {
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is no experiment with that id.');
    }
    return { experiment: view(project) };
  }

  /**
   * Gives the id of an experiment, also of one that is there: a client which is told that it is (by a retry, or because
   * another process was faster) does not make it its own, and logs to `Default`.
   */
  create(name: unknown, access: Access): { experiment_id: string } {
    const project = nameOf(name)?.toWellFormed();
    if (project === undefined) {
      throw new StoreError('invalid_request', 'name must be a string that is not empty.');
    }
    requireWrites(access, project);
    const [oldest] = this.created.keys();
    if (this.created.size >= MOST_CREATED && oldest !== undefined) {
      this.created.delete(oldest);
    }
    this.created.set(project, this.created.get(project) ?? Date.now());
    return { experiment_id: experimentIdOf(project) };
  }

  /** Searches as MLflow's `search_experiments`: what was written to last is first, as long as no order is asked for. */
  search(body: Record<string, unknown>, access: Access): { experiments: object[]; next_page_token?: string } {
    const filter = searchFilter(body.filter, ATTRIBUTES);
    const order = searchOrder(body.order_by, ATTRIBUTES);
    const found = body.view_type === 'DELETED_ONLY' ? [] : this.experiments(access);
    const experiments = found
      .map((experiment) => ({ experiment, searched: searchedOf(experiment) }))
      .filter(({ searched }) => filter.fits(searched))
      .sort(
        (a, b) =>
          order.compare(a.searched, b.searched) || b.experiment.last_update_time - a.experiment.last_update_time,
      )
      .map(({ experiment }) => experiment);
    const { page, ...more } = pageOf(experiments, body, MOST_FOUND);
    return { experiments: page, ...more };
  }

  private experiments(access: Access): Experiment[] {
    const times = new Map([...this.created].map(([project, at]) => [project, { from: at, to: at }]));
    for (const { record } of this.runIndex.all()) {
      const { from, to } = times.get(record.project) ?? { from: record.createdAt, to: record.updatedAt };
      times.set(record.project, { from: Math.min(from, record.createdAt), to: Math.max(to, record.updatedAt) });
    }
    return [...times]
      .filter(([project]) => access.writes(project) || access.reads(project))
      .map(([project, { from, to }]) => experimentOf(project, from, to));
  }

  private isThere(project: string, access: Access): boolean {
    const isSeen = access.writes(project) || access.reads(project);
    return (
      isSeen && (this.created.has(project) || [...this.runIndex.all()].some(({ record }) => record.project === project))
    );
  }
}

/** Times are Unix milliseconds: of its first run, and of the last that was written to. */
const experimentOf = (project: string, from: number, to: number) => ({
  ...view(project),
  creation_time: from,
  last_update_time: to,
});

type Experiment = ReturnType<typeof experimentOf>;

/** Experiments have no tags, parameters or metrics here. */
const searchedOf =
  (experiment: Experiment): Searched =>
  ({ kind, name }) =>
    kind === 'attributes' ? experiment[name as keyof Experiment] : undefined;

const view = (project: string) => ({
  experiment_id: experimentIdOf(project),
  name: project,
  artifact_location: 'mlflow-artifacts:/',
  lifecycle_stage: 'active',
});
