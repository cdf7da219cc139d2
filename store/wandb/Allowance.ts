import { StoreError } from '../StoreError';

/** Values of one answer. */
export const MOST_VALUES = 3_000_000;
/** Bytes that a value of a line takes until the line is sent, roughly, and what else is held of an answer. */
const VALUE_BYTES = 40;
const BESIDES_BYTES = 10_000;
export const MOST_BYTES = MOST_VALUES * VALUE_BYTES + BESIDES_BYTES;

/** The values and bytes that the answer to one call may have. Everything is taken here before it is read. */
export class Allowance {
  private values = 0;

  /** `hold` keeps room for so many bytes until the answer is sent, and throws where there is none. */
  constructor(private readonly hold: (bytes: number) => void) {
    hold(BESIDES_BYTES);
  }

  /** Throws `limit_exceeded` for more than one answer may have, and `too_busy`. */
  take(metrics: number, lines: number): void {
    this.values += metrics * lines;
    if (this.values > MOST_VALUES) {
      throw new StoreError(
        'limit_exceeded',
        `${metrics} metrics at ${lines} steps are too much; ask for some by keys, or for fewer steps.`,
      );
    }
    this.hold(metrics * lines * VALUE_BYTES);
  }
}
