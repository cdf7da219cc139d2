/** Fields of a point that is kept, and which points of a bucket are: each field of each in one list of numbers. */
const [STEP, TIME, VALUE, SEQ, SPREAD, FIELDS] = [0, 1, 2, 3, 4, 5];
const [FIRST, LOWEST, HIGHEST, LAST, NON_FINITE] = [0, FIELDS, 2 * FIELDS, 3 * FIELDS, 4 * FIELDS];
const PICKS = [FIRST, LOWEST, HIGHEST, LAST, NON_FINITE];
/** Numbers of a bucket. */
const WIDTH = PICKS.length * FIELDS;

/** What is given of a point; `step` is NaN for none. `seq` is the order of logging. */
export interface KeptPoint {
  step: number;
  time: number;
  value: number;
  spread: number;
  seq: number;
}

/**
 * Of each bucket of a series its first, lowest, highest and last points and the first one that is not finite, of points
 * that come in any order: the same as `reduceSql` gives, in one pass. Of equal values the first counts, of equal times the
 * one that was logged before. It is called for every point: no closures, and no objects that live longer than a call.
 */
export class Extremes {
  /** Where each bucket begins in `held`. */
  private readonly begins = new Map<number, number>();
  private held = new Float64Array(16 * WIDTH).fill(Number.NaN);
  /** Neighbours mostly come one after another. */
  private number = Number.NaN;
  private begin = 0;
  private readonly scale: number;
  /** The field that is x. */
  private readonly by: number;

  constructor(x: 'step' | 'time', shift: number) {
    this.by = x === 'step' ? STEP : TIME;
    // Beyond that all is one bucket, also what lies on both sides of 0.
    this.scale = shift > 62 ? 0 : 2 ** -shift;
  }

  take(point: KeptPoint): void {
    const { step, time, value, seq } = point;
    const x = this.by === STEP ? step : time;
    const number = this.scale === 0 ? 0 : Math.floor(x * this.scale);
    if (number !== this.number) {
      this.number = number;
      this.begin = this.beginOf(number);
    }
    if (this.isBefore(FIRST, x, seq)) {
      this.keep(FIRST, point);
    }
    if (this.isNone(LAST) || !this.isBefore(LAST, x, seq)) {
      this.keep(LAST, point);
    }
    if (!Number.isFinite(value)) {
      if (this.isBefore(NON_FINITE, x, seq)) {
        this.keep(NON_FINITE, point);
      }
      return;
    }
    const lowest = this.held[this.begin + LOWEST + VALUE] ?? 0;
    const highest = this.held[this.begin + HIGHEST + VALUE] ?? 0;
    // Without one yet both are NaN.
    if (!(value >= lowest) || (value === lowest && this.isBefore(LOWEST, x, seq))) {
      this.keep(LOWEST, point);
    }
    if (!(value <= highest) || (value === highest && this.isBefore(HIGHEST, x, seq))) {
      this.keep(HIGHEST, point);
    }
  }

  private isNone(pick: number): boolean {
    return Number.isNaN(this.held[this.begin + pick + SEQ]);
  }

  /** Whether a point comes before the one that is kept; true where none is. */
  private isBefore(pick: number, x: number, seq: number): boolean {
    const at = this.begin + pick;
    const other = this.held[at + this.by] ?? 0;
    return x === other ? seq < (this.held[at + SEQ] ?? 0) : !(x > other);
  }

  private keep(pick: number, { step, time, value, seq, spread }: KeptPoint): void {
    const at = this.begin + pick;
    this.held[at + STEP] = step;
    this.held[at + TIME] = time;
    this.held[at + VALUE] = value;
    this.held[at + SEQ] = seq;
    this.held[at + SPREAD] = spread;
  }

  private beginOf(number: number): number {
    const known = this.begins.get(number);
    if (known !== undefined) {
      return known;
    }
    const begin = this.begins.size * WIDTH;
    this.begins.set(number, begin);
    if (begin === this.held.length) {
      const larger = new Float64Array(2 * begin).fill(Number.NaN, begin);
      larger.set(this.held);
      this.held = larger;
    }
    return begin;
  }

  /** Ordered by x, then as they were logged; each once. */
  *points(): Generator<KeptPoint> {
    for (const [, begin] of [...this.begins].sort(([a], [b]) => a - b)) {
      const at = (pick: number, field: number) => this.held[begin + pick + field] ?? Number.NaN;
      const picks = PICKS.filter((pick) => !Number.isNaN(at(pick, SEQ)));
      picks.sort((a, b) => at(a, this.by) - at(b, this.by) || at(a, SEQ) - at(b, SEQ));
      for (const [i, pick] of picks.entries()) {
        const before = picks[i - 1] ?? Number.NaN;
        if (at(before, this.by) !== at(pick, this.by) || at(before, SEQ) !== at(pick, SEQ)) {
          yield {
            step: at(pick, STEP),
            time: at(pick, TIME),
            value: at(pick, VALUE),
            spread: at(pick, SPREAD),
            seq: at(pick, SEQ),
          };
        }
      }
    }
  }
}
