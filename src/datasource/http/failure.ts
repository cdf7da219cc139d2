import { isFetchError } from '@grafana/runtime';

/** A failure of the store or on the way to it, as one sentence that says what failed and what to do. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';

  constructor(
    message: string,
    readonly status: number,
    /** The store's own code, where the answer came from a store. */
    readonly code?: string,
  ) {
    super(message);
  }
}

interface StoreError {
  error: { code: string; message: string };
}

const isStoreError = (data: unknown): data is StoreError =>
  typeof data === 'object' && data !== null && typeof (data as Partial<StoreError>).error?.message === 'string';

const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'The store refused the token. Set its read token in the data source settings.',
  401: 'The store wants a token. Set its read token in the data source settings.',
  403: 'The token may not read this. Ask for one with the scope "read".',
  404: 'There is no run store at the URL of the data source. Check its path and port.',
  413: 'The request is too large for the store.',
  429: 'The store is busy. It is asked again at the next refresh.',
  502: 'The store does not answer. Is it running, and can Grafana reach its URL?',
  503: 'The store is starting or stopping. It is asked again at the next refresh.',
  504: 'The store did not answer in time. Raise the timeout in the data source settings, or ask for less.',
};

/** Turns whatever a request threw into a `StoreFailure`. */
export function toFailure(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) {
    return error;
  }
  if (!isFetchError(error)) {
    return new StoreFailure(error instanceof Error ? error.message : String(error), 0);
  }
  if (isStoreError(error.data)) {
    return new StoreFailure(error.data.error.message, error.status, error.data.error.code);
  }
  if (error.status <= 0) {
    return new StoreFailure('Grafana cannot be reached. Check the network; the data shown stays.', error.status);
  }
  const known = BY_STATUS[error.status];
  return new StoreFailure(
    known ?? `The store answered ${error.status} ${error.statusText ?? ''}.`.trim(),
    error.status,
  );
}

/** Answers that are no JSON object: a login page, a proxy's error, half a body. */
export function checkAnswer<T>(data: unknown): T {
  if (typeof data === 'object' && data !== null) {
    return data as T;
  }
  const start = typeof data === 'string' ? data.trim().slice(0, 40) : String(data);
  const what = /^<(!doctype|html)/i.test(start) ? 'a web page' : start === '' ? 'nothing' : 'something that is no JSON';
  throw new StoreFailure(`The URL answered ${what} instead of a run store's JSON. Check the data source's URL.`, 200);
}
