import type { LogEntry, RunPut } from '@rolloscope/contract/types';

const TRIES = 8;

/** The part of the store's API that a trainer needs: three calls. A batch id makes every retry harmless. */
export class StoreClient {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  putRun(id: string, run: RunPut): Promise<unknown> {
    return this.call('PUT', `/runs/${encodeURIComponent(id)}`, run);
  }

  log(id: string, entries: LogEntry[], batchId: string): Promise<unknown> {
    return this.call('POST', `/runs/${encodeURIComponent(id)}/log`, { batchId, entries });
  }

  finish(id: string, state: 'finished' | 'failed' = 'finished'): Promise<unknown> {
    return this.call('POST', `/runs/${encodeURIComponent(id)}/finish`, { state });
  }

  /** Tries again, a little later each time, while the store is busy, stopping or away. */
  private async call(method: string, path: string, body: object): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      let wait = Math.min(10_000, 100 * 2 ** attempt);
      try {
        const answer = await fetch(`${this.url}/api/v1${path}`, {
          method,
          headers: { 'content-type': 'application/json', ...(this.token && { authorization: `Bearer ${this.token}` }) },
          body: JSON.stringify(body),
        });
        if (answer.ok) {
          return await answer.json();
        }
        const text = await answer.text();
        if ((answer.status < 500 && answer.status !== 429) || attempt === TRIES) {
          throw new Refusal(`${method} ${path} answered ${answer.status}: ${text}`);
        }
        wait = Number(answer.headers.get('retry-after')) * 1_000 || wait;
      } catch (error) {
        if (error instanceof Refusal || attempt === TRIES) {
          throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

class Refusal extends Error {}
