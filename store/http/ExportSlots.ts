import { StoreError } from '../StoreError';

/** Exports read at one time: by all together, and by one caller. */
const MOST = 24;
const MOST_OF_CALLER = 8;
/** Milliseconds that the client of one lets it wait before another may have its place. */
const PATIENCE_MS = 2_000;

/** An export while it is downloaded. */
interface ExportSlot {
  /** Passes what is read on to the client, part by part. */
  pass<T>(parts: AsyncIterable<T>): AsyncGenerator<T>;
  /** The export is over. */
  done(): void;
}

interface Download {
  caller: string;
  /** The moment (`performance.now()`) since which its client has not taken a part; undefined while one is read. */
  waitingSince: number | undefined;
  end(reason: Error): void;
}

/**
 * Exports that are downloaded at one time. Each holds a page of rows, however slowly its client takes them; so one that
 * is not taken has to give way to one that wants to begin.
 */
export class ExportSlots {
  readonly #readings = new Set<Download>();

  /** `end` cuts the download. Throws `too_busy`. */
  begin(caller: string, end: (reason: Error) => void): ExportSlot {
    const own = [...this.#readings].filter((one) => one.caller === caller);
    if (own.length >= MOST_OF_CALLER) {
      this.#makeRoom(own);
    } else if (this.#readings.size >= MOST) {
      this.#makeRoom([...this.#readings]);
    }
    const reading: Download = { caller, waitingSince: undefined, end };
    this.#readings.add(reading);
    return {
      pass: async function* (parts) {
        for await (const part of parts) {
          reading.waitingSince = performance.now();
          yield part;
          reading.waitingSince = undefined;
        }
      },
      done: () => this.#readings.delete(reading),
    };
  }

  /** Ends the one that has waited for its client longest. */
  #makeRoom(readings: readonly Download[]): void {
    const since = ({ waitingSince }: Download) => waitingSince ?? Number.POSITIVE_INFINITY;
    const [longest] = [...readings].sort((a, b) => since(a) - since(b));
    if (!longest || performance.now() - since(longest) < PATIENCE_MS) {
      throw new StoreError(
        'too_busy',
        `${readings.length} exports are being downloaded already; retry in 5 seconds.`,
        5,
      );
    }
    this.#readings.delete(longest);
    longest.end(new Error('The download was not taken, and gave way to another one.'));
  }
}
