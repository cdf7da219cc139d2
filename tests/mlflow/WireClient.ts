type Fields = Record<string, unknown>;

/** Speaks MLflow's REST API by hand: what a real client would not do on demand, and what fuzzing needs. */
export class WireClient {
  constructor(
    readonly url: string,
    private readonly token = 'any',
  ) {}

  send(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/api/2.0/${path}`, {
      method,
      ...(body !== undefined && { body }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}`, ...headers },
    });
  }

  /** The answer to a call; throws with its status and MLflow's error for any other than 200. */
  async post(path: string, body: Fields): Promise<Fields> {
    return WireClient.checked(await this.send('POST', `mlflow/${path}`, JSON.stringify(body)));
  }

  async get(path: string, query: Record<string, string>): Promise<Fields> {
    return WireClient.checked(await this.send('GET', `mlflow/${path}?${new URLSearchParams(query)}`));
  }

  async upload(run: string, path: string, body: BodyInit): Promise<Fields> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    return WireClient.checked(await this.send('PUT', `mlflow-artifacts/artifacts/${run}/${encoded}`, body));
  }

  async list(run: string, folder = ''): Promise<Fields> {
    const query = new URLSearchParams({ path: folder === '' ? run : `${run}/${folder}` });
    return WireClient.checked(await this.send('GET', `mlflow-artifacts/artifacts?${query}`));
  }

  static async checked(answer: Response): Promise<Fields> {
    const text = await answer.text();
    if (!answer.ok) {
      const { error_code, message } = JSON.parse(text) as Fields;
      throw new Error(`${answer.status} ${error_code}: ${message}`);
    }
    return JSON.parse(text) as Fields;
  }

  /** Creates a run and returns its id. */
  async begin(experiment: string, fields: Fields = {}): Promise<string> {
    const { run } = await this.post('runs/create', { experiment_id: experiment, ...fields });
    return (run as { info: { run_id: string } }).info.run_id;
  }
}
