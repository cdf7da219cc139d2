/** A failure of the store or on the way to it, as one sentence that says what failed and what to do. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';

  constructor(
    message: string,
    /** The status of HTTP; 0 where no answer came. */
    readonly status: number,
    /** The store's own code, where the answer came from a store. */
    readonly code?: string,
  ) {
    super(message);
  }

  /** True when the same request may well succeed in a moment. */
  get isTransient(): boolean {
    return this.status <= 0 || this.status === 429 || this.status >= 500;
  }
}

interface StoreError {
  error: { code: string; message: string };
}

const isStoreError = (data: unknown): data is StoreError =>
  typeof data === 'object' && data !== null && typeof (data as Partial<StoreError>).error?.message === 'string';

const BY_STATUS: Readonly<Record<number, string>> = {
  // Grafana's proxy turns an upstream 401 into a 400 of plain text.
  400: 'The run store refused the token, or wants one. Set its read token in the data source settings.',
  401: 'Grafana does not know you any more. Sign in again.',
  403: 'Reading from the run store is not allowed to you. Ask for access to this data source, or for a token that may read.',
  404: 'There is no run store at the URL of the data source. Check its path and port.',
  413: 'The request is too large for the run store or for what stands before it.',
  429: 'The run store is busy. It is asked again at the next refresh.',
  500: 'The run store, or what stands before it, failed (500). Its log says why.',
  502: 'The run store does not answer. Is it running, and can Grafana reach its URL?',
  503: 'The run store is starting or stopping. It is asked again at the next refresh.',
  504: 'The run store did not answer in time. Raise the timeout in the data source settings, or ask for less.',
};

const BROKE_OFF =
  'The answer of the run store did not arrive whole. Check the network; it is asked again at the next refresh.';

interface FetchError {
  status: number;
  statusText?: string;
  data?: unknown;
}

const isFetchError = (error: unknown): error is FetchError =>
  typeof error === 'object' && error !== null && typeof (error as Partial<FetchError>).status === 'number';

const failureOf = ({ error }: StoreError, status: number) => new StoreFailure(error.message, status, error.code);

/** What is no JSON is handed over as text, or as the message of an object. */
const textOf = (data: unknown): string => {
  const text = typeof data === 'object' && data !== null ? (data as { message?: unknown }).message : data;
  return typeof text === 'string' ? text : '';
};

/** Turns whatever a request threw into a `StoreFailure`. */
export function toFailure(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) {
    return error;
  }
  if (!isFetchError(error)) {
    // A browser throws such an error when a connection ends in the middle of an answer.
    const isNetwork = error instanceof TypeError && /fetch|network|load/i.test(error.message);
    return new StoreFailure(isNetwork ? BROKE_OFF : error instanceof Error ? error.message : String(error), 0);
  }
  const { status, statusText = '', data } = error;
  if (isStoreError(data)) {
    return failureOf(data, status);
  }
  if (/https? request was sent to https|http request to an https/i.test(textOf(data))) {
    return new StoreFailure("What answers at the URL speaks https. Begin the data source's URL with https://.", status);
  }
  if (status <= 0) {
    return new StoreFailure('Grafana cannot be reached. Check the network; it is asked again at the next refresh.', 0);
  }
  return new StoreFailure(BY_STATUS[status] ?? `The run store answered ${status} ${statusText}`.trim(), status);
}

/** The answer as an object that has the field `field`; a login page, a proxy's error or half a body is a failure. */
export function checkAnswer<T>(data: unknown, field: string): T {
  if (typeof data === 'object' && data !== null) {
    if (isStoreError(data)) {
      throw failureOf(data, /_not_found$/.test(data.error.code) ? 404 : 400);
    }
    if (field in data) {
      return data as T;
    }
    const text = `What answers at the URL is not a run store: its answer has no "${field}". Check the data source's URL.`;
    throw new StoreFailure(text, 200);
  }
  const start = typeof data === 'string' ? data.trim().slice(0, 40) : String(data);
  if (/^[{[]/.test(start)) {
    throw new StoreFailure(BROKE_OFF, 0);
  }
  const what = /^<(!doctype|html)/i.test(start) ? 'a web page' : start === '' ? 'nothing' : 'something that is no JSON';
  throw new StoreFailure(`The URL answered ${what} instead of a run store's JSON. Check the data source's URL.`, 200);
}
