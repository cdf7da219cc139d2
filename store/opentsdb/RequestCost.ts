import type { Turn } from '../Turn';
import { OpenTsdbError } from './OpenTsdbError';

/** The most that one request may cost, over all of its queries. */
export const MOST = {
  series: { count: 5_000, of: 'series' },
  /** They are held until the answer is sent, in 16 bytes each. */
  read: { count: 2_000_000, of: 'points to read' },
  told: { count: 2_000_000, of: 'points' },
  /** Each takes about twenty nanoseconds. */
  steps: { count: 150_000_000, of: 'steps of work' },
  echo: { count: 8_000_000, of: 'characters of queries to repeat' },
} as const;

type Cost = keyof typeof MOST;

/** Keeps count of what one request costs. Everything is taken here before it is done. */
export class RequestCost {
  private readonly costs: Record<Cost, number> = { series: 0, read: 0, told: 0, steps: 0, echo: 0 };

  /** Throws an `OpenTsdbError` for what would be too much. */
  take(cost: Cost, count: number): void {
    this.costs[cost] += count;
    if (this.costs[cost] > MOST[cost].count) {
      throw this.tooMuch(cost, this.costs[cost]);
    }
  }

  taken(cost: Cost): number {
    return this.costs[cost];
  }

  left(cost: Cost): number {
    return MOST[cost].count - this.costs[cost];
  }

  tooMuch(cost: Cost, asked: number): OpenTsdbError {
    const { count, of } = MOST[cost];
    return tooMuch(`${Math.ceil(asked)} ${of}; the limit of one request is ${count}`);
  }
}

/** The means of long work: what it may cost, and when others have their turn. */
export interface Spending {
  cost: RequestCost;
  turn: Turn;
}

export const tooMuch = (what: string) =>
  new OpenTsdbError(413, `This asks for ${what}. Narrow it by tags, choose a shorter time, or downsample.`);
