import type { ReadOptions } from '../engine/ReadOptions';
import { StoreError } from '../StoreError';
import { nextTurn } from '../Turn';
import { FairPool } from './FairPool';

export interface Few {
  /** The name of the work, as a refusal says it: `OpenTSDB requests`. */
  what: string;
  /** The number that is done at one time; one caller has all but one of them at the most. */
  atOnce: number;
  /** Milliseconds that one waits for its turn at the most. */
  patience: number;
}

const RETRY_SECONDS = 5;
/** The caller where nobody is named. */
export const NOBODY = 'nobody';

/** Lets a few costly requests be worked on at one time, by turns of their callers. */
export class FewAtOnce {
  private readonly places: FairPool<number>;

  constructor(private readonly few: Few) {
    this.places = new FairPool(Math.max(1, few.atOnce - 1));
    for (let place = 0; place < few.atOnce; place++) {
      this.places.release(place);
    }
  }

  /** Throws `too_busy` for one that waited too long. */
  async run<T>(work: () => Promise<T>, options: ReadOptions): Promise<T> {
    const place = await this.enter(options);
    try {
      await nextTurn();
      return await work();
    } finally {
      this.places.release(place);
    }
  }

  private async enter({ signal, caller = NOBODY }: ReadOptions): Promise<number> {
    const end = new AbortController();
    const leave = () => end.abort(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    const { what, patience } = this.few;
    const tooLong = setTimeout(
      () => end.abort(new StoreError('too_busy', `Too many ${what} at once; retry in a few seconds.`, RETRY_SECONDS)),
      patience,
    );
    try {
      return await this.places.acquire(caller, end.signal);
    } finally {
      clearTimeout(tooLong);
      signal?.removeEventListener('abort', leave);
    }
  }
}
