/** Speaks trackio's protocol by hand: what a real client would not do on demand, and what fuzzing needs. */
export class WireClient {
  constructor(
    readonly url: string,
    private readonly token?: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  send(name: string, body: BodyInit): Promise<Response> {
    const token = this.token === undefined ? {} : { 'x-trackio-write-token': this.token };
    const headers = { 'content-type': 'application/json', ...token, ...this.headers };
    return fetch(`${this.url}/api/${name}`, { method: 'POST', body, headers });
  }

  call(name: string, kwargs: unknown, args: unknown = []): Promise<Response> {
    return this.send(name, JSON.stringify({ args, kwargs }));
  }

  /** The data of an answer; throws for an error, in either form. */
  async ask(name: string, kwargs: unknown): Promise<unknown> {
    const answer = await this.call(name, kwargs);
    const body = (await answer.json()) as { data?: unknown; error?: unknown };
    if (!answer.ok || body.error !== undefined) {
      throw new Error(`${answer.status} ${JSON.stringify(body.error)}`);
    }
    return body.data;
  }

  async log(entries: object[], name = 'bulk_log'): Promise<void> {
    await this.ask(name, { logs: entries, hf_token: null });
  }
}
