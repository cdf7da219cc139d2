import { StoreError } from '../StoreError';

/** Bytes of request bodies held at one time, over all requests; beyond it a request is told to come back. */
export class BodyBudget {
  #held = 0;

  constructor(readonly limit: number) {}

  take(bytes: number): void {
    if (this.#held + bytes > this.limit) {
      throw new StoreError('too_busy', 'The store holds too many request bodies at once; retry in a second.', 1);
    }
    this.#held += bytes;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
