import type { BackendSrv, BackendSrvRequest, FetchResponse } from '@grafana/runtime';
import { from, lastValueFrom, type Observable, Subject, takeUntil } from 'rxjs';

const cancelled = new Subject<string>();

function withQuery(url: string, params: Record<string, unknown> | undefined): string {
  const present = Object.entries(params ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(present.map(([key, value]) => [key, String(value)]));
  return present.length > 0 ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url;
}

async function send<T>(options: BackendSrvRequest, signal: AbortSignal): Promise<FetchResponse<T>> {
  const { url, method = 'GET', data, headers, params } = options;
  const body = data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data);
  let answer: Response;
  try {
    answer = await fetch(withQuery(url, params), {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body }),
      signal,
    });
  } catch (error) {
    const isAbort = error instanceof DOMException && error.name === 'AbortError';
    throw {
      status: -1,
      statusText: isAbort ? 'Request was aborted' : 'Failed to fetch',
      data: {},
      cancelled: isAbort,
      config: options,
    };
  }
  const text = await answer.text();
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

function fetchObservable<T>(options: BackendSrvRequest): Observable<FetchResponse<T>> {
  const abort = new AbortController();
  if (options.requestId) {
    cancelled.next(options.requestId);
  }
  const stopped = new Subject<void>();
  if (options.requestId) {
    cancelled.subscribe((id) => {
      if (id === options.requestId) {
        abort.abort();
        stopped.next();
      }
    });
  }
  options.abortSignal?.addEventListener('abort', () => abort.abort());
  return from(send<T>(options, abort.signal)).pipe(takeUntil(stopped));
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
