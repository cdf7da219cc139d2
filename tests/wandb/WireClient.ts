import { apiKeyOf } from '../../store/http/apiKey';

const QUERIES = {
  UpsertBucket:
    'mutation UpsertBucket($name: String) { upsertBucket(input: {name: $name}) { bucket { id } inserted } }',
  CreateRunFiles:
    'mutation CreateRunFiles($run: String!) { createRunFiles(input: {runName: $run}) { files { name } } }',
  RunResumeStatus: 'query RunResumeStatus($name: String!) { model(name: $project) { bucket(name: $name) { id } } }',
  CreateArtifact:
    'mutation CreateArtifact($input: CreateArtifactInput!) { createArtifact(input: $input) { artifact { id } } }',
} as const;

export interface StreamBody {
  files?: Record<string, { offset: number; content: string[] }>;
  complete?: boolean;
  exitcode?: number;
  preempting?: boolean;
}

/** Speaks W&B's protocol by hand: what a real client would not do on demand, and what fuzzing needs. */
export class WireClient {
  constructor(
    readonly url: string,
    readonly project: string,
    readonly run: string,
    private readonly token = 'any',
    private readonly headers: Record<string, string> = {},
  ) {}

  get authorization(): string {
    return `Basic ${Buffer.from(`api:${apiKeyOf(this.token)}`).toString('base64')}`;
  }

  send(method: string, path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method,
      body,
      headers: { 'content-type': 'application/json', authorization: this.authorization, ...this.headers, ...headers },
    });
  }

  /** The data of a GraphQL answer; throws for any other status than 200. */
  async ask(operation: keyof typeof QUERIES, variables: Record<string, unknown>): Promise<Record<string, unknown>> {
    const body = JSON.stringify({ query: QUERIES[operation], variables });
    const answer = await WireClient.checked(await this.send('POST', '/graphql', body));
    return ((await answer.json()) as { data: Record<string, unknown> }).data;
  }

  static async checked(answer: Response): Promise<Response> {
    if (!answer.ok) {
      throw new Error(`${answer.status} ${await answer.text()}`);
    }
    return answer;
  }

  /** Begins the run as a client does: what describes the process first, then the rest of the config. */
  async begin(variables: Record<string, unknown> = {}, metricDefinitions: unknown[] = []): Promise<void> {
    const run = { name: this.run, project: this.project };
    await this.ask('UpsertBucket', { ...run, host: 'gpu-1', ...variables });
    await this.define(metricDefinitions);
  }

  async define(metricDefinitions: unknown[]): Promise<void> {
    const config = JSON.stringify({ _wandb: { value: { m: metricDefinitions } } });
    await this.ask('UpsertBucket', { name: this.run, project: this.project, config });
  }

  stream(body: StreamBody, headers: Record<string, string> = {}): Promise<Response> {
    const path = `/files/rolloscope/${encodeURIComponent(this.project)}/${encodeURIComponent(this.run)}/file_stream`;
    return this.send('POST', path, JSON.stringify(body), headers);
  }

  /** Sends history lines from `offset` on, and expects them to be taken. */
  async history(offset: number, lines: unknown[], more: StreamBody = {}, headers: Record<string, string> = {}) {
    const content = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    const files = { 'wandb-history.jsonl': { offset, content }, ...more.files };
    await WireClient.checked(await this.stream({ ...more, files }, headers));
  }

  async uploadUrl(name: string): Promise<string> {
    const data = await this.ask('CreateRunFiles', { project: this.project, run: this.run, files: [name] });
    const { files } = data.createRunFiles as { files: Array<{ uploadUrl: string }> };
    return files[0]?.uploadUrl ?? '';
  }

  /** Brings a file without a key, as clients do. */
  async upload(name: string, body: BodyInit): Promise<Response> {
    return fetch(await this.uploadUrl(name), { method: 'PUT', body });
  }

  async uploadTable(path: string, columns: string[], data: unknown[][]): Promise<void> {
    await WireClient.checked(await this.upload(path, JSON.stringify({ columns, data })));
  }
}

/** The value that a history line has for a table. */
export const tableValue = (path: string, type = 'table-file') => ({ _type: type, path, ncols: 1, nrows: 1 });
