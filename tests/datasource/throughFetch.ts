import type { BackendSrv, BackendSrvRequest, FetchResponse } from '@grafana/runtime';
import { defer, type Observable } from 'rxjs';

async function send<T>({
  url,
  method = 'GET',
  data,
  params,
  abortSignal,
}: BackendSrvRequest): Promise<FetchResponse<T>> {
  const query = new URLSearchParams(
    Object.entries((params ?? {}) as Record<string, unknown>).map(([k, v]) => [k, `${v}`]),
  );
  const answer = await fetch(`${url}?${query}`, {
    method,
    ...(data !== undefined && { body: JSON.stringify(data), headers: { 'content-type': 'application/json' } }),
    ...(abortSignal && { signal: abortSignal }),
  });
  const text = await answer.text();
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Grafana hands over what is no JSON as text.
  }
  if (!answer.ok) {
    throw { status: answer.status, statusText: answer.statusText, data: body, config: { url } };
  }
  return { data: body as T, status: answer.status } as FetchResponse<T>;
}

/** Grafana's fetch without Grafana: what is no success is thrown in its form. */
export const throughFetch = (): Pick<BackendSrv, 'fetch'> => ({
  fetch: <T>(options: BackendSrvRequest): Observable<FetchResponse<T>> => defer(() => send<T>(options)),
});
