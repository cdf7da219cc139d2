import { isObject } from '../../../formats/readObject';
import { type Remote, RemoteRefusal } from '../Remote';

/** A run as MLflow lists it. */
export interface MlflowRun {
  info: {
    run_id: string;
    run_name?: string;
    status: string;
    start_time?: number;
    end_time?: number;
    artifact_uri?: string;
  };
  data: {
    /** The latest of each. */
    metrics?: Array<{ key: string; value: number | string; timestamp: number; step?: number }>;
    params?: Array<{ key: string; value: string }>;
    tags?: Array<{ key: string; value: string }>;
  };
}

export interface MlflowPoint {
  value: number | string;
  timestamp: number;
  step?: number | string;
}

export interface Experiment {
  experiment_id: string;
  name: string;
}

/** Points of one answer; servers give 25,000 at the most. */
const PAGE = 10_000;
/** Folders of artifacts in each other that are looked into, and files that are looked at. */
const DEEPEST = 5;
const MOST_FILES = 5_000;

/** An MLflow server, through the REST API that its clients call. */
export class MlflowServer {
  constructor(
    private readonly remote: Remote,
    private readonly base: string,
  ) {}

  /** All experiments that are not deleted, oldest first. */
  async experiments(): Promise<Experiment[]> {
    const found: Experiment[] = [];
    for await (const page of this.pages('POST', 'experiments/search', {
      max_results: 1_000,
      view_type: 'ACTIVE_ONLY',
      order_by: ['creation_time ASC'],
    })) {
      found.push(...((page.experiments as Experiment[] | undefined) ?? []));
    }
    return found;
  }

  /** Runs of an experiment that began at `since` (epoch milliseconds) or later, oldest first. */
  async *runs(experiment: string, since: number | undefined): AsyncGenerator<MlflowRun> {
    const body = {
      experiment_ids: [experiment],
      max_results: 100,
      run_view_type: 'ACTIVE_ONLY',
      order_by: ['attributes.start_time ASC'],
      ...(since !== undefined && { filter: `attributes.start_time >= ${since}` }),
    };
    for await (const page of this.pages('POST', 'runs/search', body)) {
      yield* (page.runs as MlflowRun[] | undefined) ?? [];
    }
  }

  /** All points of a metric, in the order of their times. */
  async *history(run: string, metric: string): AsyncGenerator<MlflowPoint[]> {
    const query = { run_id: run, metric_key: metric, max_results: String(PAGE) };
    for await (const page of this.pages('GET', 'metrics/get-history', query)) {
      yield (page.metrics as MlflowPoint[] | undefined) ?? [];
    }
  }

  /** Paths of the artifacts that end in `.json`. */
  async jsonFiles(run: string, folder = '', depth = 0): Promise<string[]> {
    const found: string[] = [];
    const query = { run_id: run, ...(folder !== '' && { path: folder }) };
    for await (const page of this.pages('GET', 'artifacts/list', query)) {
      for (const { path, is_dir: isFolder } of (page.files as Array<{ path: string; is_dir?: boolean }> | undefined) ??
        []) {
        if (isFolder && depth < DEEPEST) {
          found.push(...(await this.jsonFiles(run, path, depth + 1)));
        } else if (/\.json$/i.test(path)) {
          found.push(path);
        }
      }
    }
    return found.slice(0, MOST_FILES);
  }

  /** The text of an artifact; undefined where the server has it not, or no way to it. */
  async file(run: string, path: string): Promise<string | undefined> {
    const query = new URLSearchParams({ run_uuid: run, path });
    return this.remote.text(`${this.base}/get-artifact?${query}`, { heavyAfter: 3 }).catch((cause: unknown) => {
      if (cause instanceof RemoteRefusal && [400, 404].includes(cause.status)) {
        return undefined;
      }
      throw cause;
    });
  }

  private async *pages(
    method: 'GET' | 'POST',
    path: string,
    asked: Record<string, unknown>,
  ): AsyncGenerator<Record<string, unknown>> {
    let token: string | undefined;
    do {
      const body = { ...asked, ...(token !== undefined && { page_token: token }) };
      const url = `${this.base}/api/2.0/mlflow/${path}`;
      const query = new URLSearchParams(body as Record<string, string>);
      const answer =
        method === 'GET'
          ? await this.remote.json(`${url}?${query}`)
          : await this.remote.json(url, { method, body: JSON.stringify(body) });
      if (!isObject(answer)) {
        return;
      }
      yield answer;
      token =
        typeof answer.next_page_token === 'string' && answer.next_page_token !== ''
          ? answer.next_page_token
          : undefined;
    } while (token !== undefined);
  }
}
