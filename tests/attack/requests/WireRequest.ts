/** How a body travels. `cut` breaks a gzip stream off; `short` promises more bytes than come, and hangs up. */
export type Transfer = 'plain' | 'chunked' | 'gzip' | 'deflate' | 'cut' | 'notGzip' | 'short';

/** Those who may do anything, only read, only do things in the project `p`, and those without a token that is known. */
export const CALLERS = ['all', 'reads', 'onlyP', 'wrong', 'none'] as const;
export type Caller = (typeof CALLERS)[number];

/**
 * One request, as it is to be sent. Its path and text may hold marks such as `__asOf_2__`, which stand for what earlier
 * answers brought (`Learnt`).
 */
export interface WireRequest {
  /** Which endpoint it was drawn for. */
  to: string;
  method: string;
  /** As it stands on the request line, percent-encoded or not. */
  path: string;
  headers: Record<string, string>;
  /** Text, or bytes that are none. */
  body?: string | Uint8Array;
  transfer?: Transfer;
  /** Milliseconds after which the client goes, answered or not. */
  leaves?: number;
  /** Whose token it comes with; `all` when left out. */
  caller?: Caller;
  /** `elsewhere`: another method or path than the endpoint has, so that another one may answer. */
  kind: 'fitting' | 'spoiled' | 'elsewhere';
}

/** What came back: status 0 where the client left, or the store hung up, before an answer. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Milliseconds from the request to the end of the answer. */
  took: number;
}
