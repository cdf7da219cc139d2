import type { BackendSrv } from '@grafana/runtime';
import { API_BASE } from '@rolloscope/contract/names';
import type { ErrorCode } from '@rolloscope/contract/types';
import { lastValueFrom } from 'rxjs';
import { checkAnswer, toFailure } from './failure';
import { SharedCalls } from './SharedCalls';

export interface CallOptions {
  /** The field by which an answer is known to be one. */
  has: string;
  signal?: AbortSignal | undefined;
}

/** The store's API through Grafana's data-source proxy. Every failure is a `StoreFailure`. */
/**
 * What is wrong with a question comes with the status of a success (`isStoreError` tells): browsers write others to their
 * console, where a run without the metric would look like a fault of the page. Older stores do not know the wish.
 */
const HEADERS = { prefer: 'handling=lenient' };

export class StoreClient {
  private readonly shared = new SharedCalls();

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

  private call<T>(method: string, path: string, what: object, { signal, has }: CallOptions): Promise<T> {
    // A ticket for a download is the asker's own.
    const isQuestion = method === 'GET' || path.startsWith('/query/');
    const send = (until: AbortSignal | undefined) => this.send<T>(method, path, what, { has, signal: until });
    return isQuestion ? this.shared.ask(`${method} ${path} ${JSON.stringify(what)}`, signal, send) : send(signal);
  }

  private async send<T>(method: string, path: string, what: object, { signal, has }: CallOptions): Promise<T> {
    try {
      const answer = await lastValueFrom(
        this.backend().fetch<unknown>({
          url: this.urlOf(path),
          method,
          showErrorAlert: false,
          headers: HEADERS,
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
