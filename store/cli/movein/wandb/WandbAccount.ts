import { isObject } from '../../../formats/readObject';
import { type Remote, RemoteRefusal } from '../Remote';

/** A run as W&B lists it. Times are texts in UTC. */
export interface ListedRun {
  /** The id in W&B's sense: the last part of the run's address. */
  name: string;
  displayName: string;
  state: string;
  createdAt: string;
  heartbeatAt: string | null;
}

/** A run as W&B tells it, whole. */
export interface WholeRun extends ListedRun {
  tags: string[];
  group: string | null;
  jobType: string | null;
  notes: string | null;
  /** JSON: values by key, `_wandb` among them. */
  config: string;
  summaryMetrics: string;
  /** `_step` of the last line of its history; -1 for none. */
  lastStep: number;
}

const LISTED = 'name displayName state createdAt heartbeatAt';
const QUERIES = {
  viewer: 'query Viewer { viewer { id entity username } }',
  runs: `query Runs($project: String!, $entity: String!, $cursor: String, $perPage: Int = 50, $order: String, $filters: JSONString) {
    project(name: $project, entityName: $entity) {
      runCount(filters: $filters)
      runs(filters: $filters, after: $cursor, first: $perPage, order: $order) {
        edges { node { id ${LISTED} } cursor }
        pageInfo { endCursor hasNextPage }
      }
    }
  }`,
  run: `query Run($project: String!, $entity: String!, $name: String!) {
    project(name: $project, entityName: $entity) {
      run(name: $name) { id ${LISTED} tags group jobType notes config summaryMetrics historyKeys }
    }
  }`,
  history: `query HistoryPage($entity: String!, $project: String!, $run: String!, $minStep: Int64!, $maxStep: Int64!, $pageSize: Int!) {
    project(name: $project, entityName: $entity) {
      run(name: $run) { history(minStep: $minStep, maxStep: $maxStep, samples: $pageSize) }
    }
  }`,
  system: `query RunFullHistory($project: String!, $entity: String!, $name: String!, $samples: Int) {
    project(name: $project, entityName: $entity) { run(name: $name) { events(samples: $samples) } }
  }`,
  files: `query RunFiles($project: String!, $entity: String!, $name: String!, $fileCursor: String, $fileLimit: Int = 50, $fileNames: [String] = [], $upload: Boolean = false) {
    project(name: $project, entityName: $entity) {
      run(name: $name) {
        files(names: $fileNames, after: $fileCursor, first: $fileLimit) {
          edges { node { id name url(upload: $upload) directUrl sizeBytes } cursor }
          pageInfo { endCursor hasNextPage }
        }
      }
    }
  }`,
} as const;

type Fields = Record<string, unknown>;

/** One project of a W&B account, as its owner reads it through the API that W&B's own client calls. */
export class WandbAccount {
  constructor(
    private readonly remote: Remote,
    private readonly base: string,
    readonly entity: string,
    readonly project: string,
  ) {}

  /** Throws an error that says what is wrong with the key, or that there is no such project. */
  async check(): Promise<void> {
    const { viewer } = await this.ask('viewer', {}).catch((cause: unknown) => {
      throw cause instanceof RemoteRefusal && [401, 403].includes(cause.status) ? wrongKey(this.base) : cause;
    });
    if (!isObject(viewer)) {
      throw wrongKey(this.base);
    }
    if ((await this.projectOf('runs', { perPage: 1 })) === undefined) {
      throw new Error(
        `There is no project ${this.entity}/${this.project} that this key may see. The address of a project is https://wandb.ai/ENTITY/PROJECT.`,
      );
    }
  }

  /** Runs that began at `since` or later, oldest first. */
  async *runs(since: Date | undefined): AsyncGenerator<ListedRun> {
    const filters = since === undefined ? {} : { created_at: { $gte: since.toISOString().slice(0, 19) } };
    let cursor: string | null = null;
    do {
      const variables: Fields = { cursor, perPage: 50, order: '+created_at', filters: JSON.stringify(filters) };
      const page = (await this.projectOf('runs', variables))?.runs as
        | { edges: Array<{ node: ListedRun }>; pageInfo: { endCursor: string | null; hasNextPage: boolean } }
        | undefined;
      for (const { node } of page?.edges ?? []) {
        yield node;
      }
      cursor = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
    } while (cursor !== null);
  }

  /** Reads a run, whole; undefined for one that is not there, or not any more. */
  async run(name: string): Promise<WholeRun | undefined> {
    const run = await this.runOf('run', { name });
    if (run === undefined) {
      return undefined;
    }
    const keys = typeof run.historyKeys === 'string' ? (JSON.parse(run.historyKeys) as unknown) : run.historyKeys;
    const lastStep = isObject(keys) && typeof keys.lastStep === 'number' ? keys.lastStep : -1;
    return { ...(run as unknown as WholeRun), lastStep };
  }

  /** Lines of history with `minStep` ≤ `_step` < `maxStep`, each its JSON; undefined where the run is gone. */
  async history(name: string, minStep: number, maxStep: number): Promise<string[] | undefined> {
    const variables = { run: name, minStep, maxStep, pageSize: maxStep - minStep };
    return (await this.runOf('history', variables, HEAVY_AFTER))?.history as string[] | undefined;
  }

  /** Lines of the machine's metrics, of very many every so manieth: W&B gives no more. */
  async system(name: string): Promise<string[]> {
    return ((await this.runOf('system', { name, samples: 10_000 }))?.events as string[] | undefined) ?? [];
  }

  /** The text of a file of a run; undefined where it is not there. */
  async file(run: string, path: string): Promise<string | undefined> {
    const files = (await this.runOf('files', { name: run, fileNames: [path] }))?.files as
      | { edges: Array<{ node: { name: string; url?: string; directUrl?: string } }> }
      | undefined;
    const node = files?.edges.find((edge) => edge.node.name === path)?.node;
    const url = node?.url ?? node?.directUrl;
    if (url === undefined) {
      return undefined;
    }
    return this.remote.text(new URL(url, this.base).href).catch((cause: unknown) => {
      if (cause instanceof RemoteRefusal && cause.status === 404) {
        return undefined;
      }
      throw cause;
    });
  }

  private async runOf(
    query: keyof typeof QUERIES,
    variables: Fields,
    heavyAfter?: number,
  ): Promise<Fields | undefined> {
    const run = (await this.projectOf(query, variables, heavyAfter))?.run;
    return isObject(run) ? run : undefined;
  }

  private async projectOf(
    query: keyof typeof QUERIES,
    variables: Fields,
    heavyAfter?: number,
  ): Promise<Fields | undefined> {
    const { entity, project } = this;
    const found = (await this.ask(query, { entity, project, ...variables }, heavyAfter)).project;
    return isObject(found) ? found : undefined;
  }

  /** The data of an answer. Where there is none, its errors are thrown. */
  private async ask(query: keyof typeof QUERIES, variables: Fields, heavyAfter?: number): Promise<Fields> {
    const body = JSON.stringify({ query: QUERIES[query], variables });
    const call = { method: 'POST', body, ...(heavyAfter !== undefined && { heavyAfter }) };
    const answer = (await this.remote.json(`${this.base}/graphql`, call)) as {
      data?: unknown;
      errors?: Array<{ message?: string }>;
    };
    if (!isObject(answer.data)) {
      const message = answer.errors?.map((one) => one.message).join(' ') || 'its answer has no data';
      throw new RemoteRefusal(200, `W&B refuses to answer: ${message}`);
    }
    return answer.data;
  }
}

const HEAVY_AFTER = 3;

const wrongKey = (base: string) =>
  new Error(`${base} does not take this key. Set WANDB_API_KEY to one of yours: https://wandb.ai/authorize shows it.`);
