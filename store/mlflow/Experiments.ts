import type { Access } from '../Access';
import { nameOf } from '../formats/nameOf';
import type { RunBook } from '../runs/RunBook';
import { StoreError } from '../StoreError';
import { experimentIdOf, projectOf } from './experimentId';
import { MlflowError } from './mlflowError';

/** Experiments without a run that are remembered. */
const MOST_CREATED = 10_000;

/** MLflow's experiments, which are projects: a project is there when it has a run, an experiment when it was created. */
export class Experiments {
  private readonly created = new Set<string>();

  constructor(private readonly book: RunBook) {}

  /** Throws `RESOURCE_DOES_NOT_EXIST`, for which clients create the experiment. */
  getByName(name: unknown, access: Access): { experiment: object } {
    const project = nameOf(name);
    if (project === undefined || !this.projects(access).has(project)) {
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
    if (!access.writes(project)) {
      throw new StoreError('not_allowed', `The token may not write to the project ${JSON.stringify(project)}.`);
    }
    const [oldest] = this.created;
    if (this.created.size >= MOST_CREATED && oldest !== undefined) {
      this.created.delete(oldest);
    }
    this.created.add(project);
    return { experiment_id: experimentIdOf(project) };
  }

  all(access: Access): { experiments: object[] } {
    return { experiments: [...this.projects(access)].sort().map(view) };
  }

  private projects(access: Access): Set<string> {
    const known = [...[...this.book.all()].map(({ record }) => record.project), ...this.created];
    return new Set(known.filter((project) => access.writes(project) || access.reads(project)));
  }
}

const view = (project: string) => ({
  experiment_id: experimentIdOf(project),
  name: project,
  artifact_location: 'mlflow-artifacts:/',
  lifecycle_stage: 'active',
});
