import { Agent, request } from 'node:http';

/** Calls a store over connections that are kept, as trainers and Grafana do, and notes how long each took. */
export class StoreClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(private readonly url: string) {}

  /** The answer as JSON; throws for any status but 200. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, text } = await this.send(method, path, body);
    if (status !== 200) {
      throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`);
    }
    return JSON.parse(text) as T;
  }

  send(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) };
    return new Promise((resolve, reject) => {
      const call = request(`${this.url}/api/v1${path}`, { method, headers, agent: this.agent }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
      });
      call.on('error', reject).end(sent);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

export const quantile = (values: readonly number[], q: number) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
};
