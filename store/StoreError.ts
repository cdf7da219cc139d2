import { ERRORS, type ErrorCode } from '@rolloscope/contract';

/** A failure that the contract names. `message` says what failed, where, and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Seconds after which a retry makes sense, for `too_busy` and `unavailable`. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
