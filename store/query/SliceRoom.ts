import { FairPool } from '../pacing/FairPool';
import { NOBODY } from '../pacing/FewAtOnce';

/** Slices that are held at one time, by different callers. */
const MOST = 2;
/** Milliseconds for which the holder of one may keep another waiting without going on. */
const PATIENCE_MS = 2_000;

/**
 * Large slices of rows that exports hold in memory: few at one time, however many exports there are. Whoever does not go
 * on with its slice gives it up for one who waits, and reads the rest of it again later.
 */
export class SliceRoom {
  private readonly places = new FairPool<number>(1);
  private waiting = 0;

  constructor() {
    for (let place = 0; place < MOST; place++) {
      this.places.release(place);
    }
  }

  /** Resolves when a slice may be read; rejects with the signal's reason, or `too_busy`. One caller holds one at a time. */
  async enter(caller = NOBODY, signal?: AbortSignal): Promise<HeldSlice> {
    this.waiting++;
    const place = await this.places.acquire(caller, signal).finally(() => this.waiting--);
    let isHeld = true;
    const leave = () => {
      if (isHeld) {
        isHeld = false;
        this.places.release(place);
      }
    };
    return {
      leave,
      watch: (giveUp) => {
        const timer = setInterval(() => {
          if (this.waiting > 0) {
            giveUp();
            leave();
          }
        }, PATIENCE_MS);
        return () => clearInterval(timer);
      },
    };
  }
}

interface HeldSlice {
  /** Nothing of the slice is held any more. */
  leave(): void;
  /** Calls `giveUp` when the slice is left because nothing was done with it for long; ends with what it returns. */
  watch(giveUp: () => void): () => void;
}
