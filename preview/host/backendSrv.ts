import type { BackendSrv, BackendSrvRequest, FetchResponse } from '@grafana/runtime';
import { lastValueFrom, Observable, Subject } from 'rxjs';

const cancelled = new Subject<string>();

function withQuery(url: string, params: Record<string, unknown> | undefined): string {
  const present = Object.entries(params ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(present.map(([key, value]) => [key, String(value)]));
  return present.length > 0 ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url;
}

const aborted = (config: BackendSrvRequest) => ({
  type: 'cancelled',
  cancelled: true,
  status: -1,
  statusText: 'Request was aborted',
  data: null,
  config,
});

async function send<T>(options: BackendSrvRequest, signal: AbortSignal): Promise<FetchResponse<T>> {
  const { url, method = 'GET', data, headers, params } = options;
  const body = data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data);
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(withQuery(url, params), {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body }),
      signal,
    });
    text = await answer.text();
  } catch (error) {
    throw signal.aborted ? aborted(options) : { status: 0, statusText: String(error), data: {}, config: options };
  }
  let parsed: unknown = text;
  if (options.responseType !== 'text') {
    try {
      parsed = text === '' ? {} : JSON.parse(text);
    } catch {
      // Grafana hands over what is no JSON as text.
    }
  }
  const { ok, status, statusText, redirected, type } = answer;
  if (!ok) {
    const payload = typeof parsed === 'string' ? { message: parsed, error: statusText, response: parsed } : parsed;
    throw { status, statusText, data: payload, config: options };
  }
  return {
    data: parsed as T,
    ok,
    status,
    statusText,
    redirected,
    type,
    headers: answer.headers,
    url: answer.url,
    config: options,
  };
}

/** Sends a request on subscription. Unsubscribing ends the request, as does a later one of the same `requestId`. */
function fetchObservable<T>(options: BackendSrvRequest): Observable<FetchResponse<T>> {
  return new Observable((observer) => {
    const abort = new AbortController();
    const stop = () => abort.abort();
    const { requestId, abortSignal } = options;
    if (requestId) {
      cancelled.next(requestId);
    }
    const later = cancelled.subscribe((id) => id === requestId && stop());
    abortSignal?.addEventListener('abort', stop);
    send<T>(options, abort.signal).then(
      (answer) => {
        observer.next(answer);
        observer.complete();
      },
      (error: unknown) => observer.error(error),
    );
    return () => {
      later.unsubscribe();
      abortSignal?.removeEventListener('abort', stop);
      stop();
    };
  });
}

const request = async <T>(options: BackendSrvRequest) => (await lastValueFrom(fetchObservable<T>(options))).data;

export const backendSrv = {
  fetch: fetchObservable,
  request,
  datasourceRequest: <T>(options: BackendSrvRequest) => lastValueFrom(fetchObservable<T>(options)),
  get: <T>(url: string, params?: Record<string, unknown>) => request<T>({ url, ...(params && { params }) }),
  post: <T>(url: string, data?: unknown) => request<T>({ url, method: 'POST', data }),
  put: <T>(url: string, data?: unknown) => request<T>({ url, method: 'PUT', data }),
  patch: <T>(url: string, data?: unknown) => request<T>({ url, method: 'PATCH', data }),
  delete: <T>(url: string) => request<T>({ url, method: 'DELETE' }),
  chunked: () => {
    throw new Error('The preview does not stream.');
  },
  resolveCancelerIfExists: (id: string) => cancelled.next(id),
} as unknown as BackendSrv;
