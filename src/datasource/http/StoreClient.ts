import type { BackendSrv } from '@grafana/runtime';
import { ADDRESSES, type Address, filledPath } from '@rolloscope/contract/addresses';
import { API_BASE } from '@rolloscope/contract/names';
import type { AnswerOf, ErrorCode, QuestionOf, RouteName } from '@rolloscope/contract/types';
import { lastValueFrom } from 'rxjs';
import { checkAnswer, toFailure } from './failure';
import { SharedCalls } from './SharedCalls';

/**
 * What is wrong with a question comes with the status of a success (`isStoreError` tells): browsers write others to their
 * console, where a run without the metric would look like a fault of the page. Older stores do not know the wish.
 */
const HEADERS = { prefer: 'handling=lenient' };

/** A question as `fetch` takes it. */
interface Call {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

/** The store's API through Grafana's data-source proxy. Every failure is a `StoreFailure`. */
export class StoreClient {
  private readonly shared = new SharedCalls();

  constructor(
    /** The address of the data source instance, as the browser reaches it. */
    private readonly url: string,
    private readonly backend: () => Pick<BackendSrv, 'fetch'>,
  ) {}

  /** An address below the API for the browser itself, such as a download. */
  urlOf(path: string): string {
    return `${this.url}${API_BASE}${path}`;
  }

  /**
   * The answer of a route, which nobody may change: who asks the same in the meantime gets it, too. It is given up when
   * the signals of all who wait for it have been aborted. Rejects with a `StoreFailure`.
   */
  ask<Name extends RouteName>(route: Name, question: QuestionOf<Name>, signal?: AbortSignal): Promise<AnswerOf<Name>> {
    const address = ADDRESSES[route];
    const call: Call = question as Call;
    const send = (until: AbortSignal | undefined) => this.send<AnswerOf<Name>>(address, call, until);
    // A ticket for a download is the asker's own.
    const isShared = address.method === 'GET' || address.path.startsWith('/query/');
    return isShared ? this.shared.ask(`${route} ${JSON.stringify(call)}`, signal, send) : send(signal);
  }

  private async send<T>({ method, path, has }: Address, call: Call, signal: AbortSignal | undefined): Promise<T> {
    try {
      const answer = await lastValueFrom(
        this.backend().fetch<unknown>({
          url: this.urlOf(filledPath(path, call.path)),
          method,
          showErrorAlert: false,
          headers: HEADERS,
          ...(call.query && { params: call.query }),
          ...(call.body !== undefined && { data: call.body }),
          ...(signal && { abortSignal: signal }),
        }),
      );
      return checkAnswer<T>(answer.data, has ?? '');
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
