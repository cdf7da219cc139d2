import type { ServerResponse } from 'node:http';
import { StoreError } from '../StoreError';

/** Bodies of more bytes are worked on a few at a time. */
const LARGE_BYTES = 1024 * 1024;
const MOST = 2;

/**
 * The queue of large bodies, in the order of their coming. What is made of one takes several times its bytes while it
 * is worked on, so that they wait for each other. Each is through when it is answered.
 */
export class LargeBodies {
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  /** Resolves when the body may be worked on; rejects when its client goes before that. */
  enter(bytes: number, response: ServerResponse): Promise<void> {
    if (bytes <= LARGE_BYTES) {
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      let isInside = false;
      const go = () => {
        isInside = true;
        this.#waiting.delete(go);
        resolve();
      };
      response.once('close', () => {
        if (isInside) {
          this.#leave();
        } else {
          this.#waiting.delete(go);
          reject(new StoreError('invalid_request', 'The connection closed before the body was taken.'));
        }
      });
      if (this.#inside < MOST) {
        this.#inside++;
        go();
      } else {
        this.#waiting.add(go);
      }
    });
  }

  /** The place goes to whoever has waited longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next) {
      next();
    } else {
      this.#inside--;
    }
  }
}
