import type { BackendSrv } from '@grafana/runtime';
import { API_BASE } from '@rolloscope/contract/names';
import type { ErrorCode } from '@rolloscope/contract/types';
import { lastValueFrom } from 'rxjs';
import { checkAnswer, toFailure } from './failure';

export interface CallOptions {
  /** The field by which an answer is known to be one. */
  has: string;
  signal?: AbortSignal | undefined;
}

/** The store's API through Grafana's data-source proxy. Every failure is a `StoreFailure`. */
export class StoreClient {
  constructor(
    /** Of the instance, as the browser reaches it. */
    private readonly url: string,
    private readonly backend: () => Pick<BackendSrv, 'fetch'>,
  ) {}

  /** An address below the API for the browser itself, such as a download. */
  urlOf(path: string): string {
    return `${this.url}${API_BASE}${path}`;
  }

  get<T>(path: string, options: CallOptions, params: Record<string, string | number> = {}): Promise<T> {
    return this.call('GET', path, { params }, options);
  }

  post<T>(path: string, data: unknown, options: CallOptions, params: Record<string, string> = {}): Promise<T> {
    return this.call('POST', path, { data, params }, options);
  }

  private async call<T>(method: string, path: string, what: object, { signal, has }: CallOptions): Promise<T> {
    try {
      const answer = await lastValueFrom(
        this.backend().fetch<unknown>({
          url: this.urlOf(path),
          method,
          showErrorAlert: false,
          ...what,
          ...(signal && { abortSignal: signal }),
        }),
      );
      return checkAnswer<T>(answer.data, has);
    } catch (error) {
      throw toFailure(error);
    }
  }
}

/** Codes that say that nothing asked for exists (yet). */
export const NOT_THERE: ReadonlySet<string> = new Set<ErrorCode>([
  'run_not_found',
  'metric_not_found',
  'table_not_found',
]);
