import { mergeSince } from '@rolloscope/contract/mergeSince';
import type { MetricsAnswer, MetricsRequest } from '@rolloscope/contract/types';
import { StoreFailure } from '../http/failure';
import { WHOLE_AFTER } from './KnownTables';
import type { MetricsBatch } from './MetricsBatch';

/** Points that are kept; the answers that were asked for the longest ago go first. */
const MOST_POINTS = 2_000_000;

interface Known {
  body: MetricsRequest;
  answer: MetricsAnswer;
  /** The `asOf` up to which `answer` is whole: newer than its own where nothing came since. */
  asOf: string;
  /** The time at which it was read whole, in epoch milliseconds. */
  at: number;
  points: number;
}

/** A time range that ends now: with every refresh it is another one, and the same to whoever looks at it. */
export interface MovingRange {
  /** The range as the dashboard has it, such as `now-6h`. */
  name: string;
  /** Milliseconds that its begin may be later by than the one that was read. */
  slack: number;
}

/**
 * Answers of points that are known, of all panels: one that is asked for again is the same object where nothing came
 * since, and only that is asked for.
 */
export class KnownMetrics {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly batch: MetricsBatch,
    private readonly now: () => number = Date.now,
  ) {}

  /** The answer to `body` as of now. Throws a `StoreFailure`. */
  async read(body: MetricsRequest, signal?: AbortSignal, range?: MovingRange): Promise<MetricsAnswer> {
    const known = this.find(body, range);
    return (known && (await this.goOn(known, signal))) ?? this.readWhole(body, signal, range);
  }

  /** Returns what was read last, without asking. */
  peek(body: MetricsRequest, range?: MovingRange): MetricsAnswer | undefined {
    return this.find(body, range)?.answer;
  }

  private find(body: MetricsRequest, range: MovingRange | undefined): Known | undefined {
    const known = this.known.get(keyOf(body, range));
    const isOld = known && this.now() - known.at > WHOLE_AFTER;
    const later = (body.times?.from ?? 0) - (known?.body.times?.from ?? 0);
    return isOld || later < 0 || later > (range?.slack ?? 0) ? undefined : known;
  }

  /** Asks for what came since; undefined where all must be read anew. */
  private async goOn(known: Known, signal: AbortSignal | undefined): Promise<MetricsAnswer | undefined> {
    const { body, answer, asOf } = known;
    const fresh = await this.batch.ask({ ...body, since: asOf }, signal).catch((error: unknown) => {
      if (error instanceof StoreFailure && error.code === 'invalid_as_of') {
        return undefined;
      }
      throw error;
    });
    if (!fresh || fresh.reset || !haveSameRuns(answer, fresh)) {
      return undefined;
    }
    const x = body.x === 'time' ? 'time' : 'step';
    const isSame = fresh.series.length === 0 && JSON.stringify(fresh.runs) === JSON.stringify(answer.runs);
    // The points join what was known when they were asked for: somebody else may have gone on in the meantime.
    const next = isSame ? answer : { ...mergeSince(answer, fresh, x), ...(fresh.runs && { runs: fresh.runs }) };
    Object.assign(known, { answer: next, asOf: fresh.asOf, points: pointsOf(next) });
    return next;
  }

  private async readWhole(body: MetricsRequest, signal?: AbortSignal, range?: MovingRange): Promise<MetricsAnswer> {
    const at = this.now();
    const answer = await this.batch.ask(body, signal);
    const key = keyOf(body, range);
    this.known.delete(key);
    // An older store does not say which runs a filter fits now.
    if (answer.runs || Array.isArray(body.runs)) {
      this.known.set(key, { body, answer, asOf: answer.asOf, at, points: pointsOf(answer) });
    }
    this.forget();
    return answer;
  }

  private forget(): void {
    let points = [...this.known.values()].reduce((sum, one) => sum + one.points, 0);
    for (const [key, one] of this.known) {
      if (points <= MOST_POINTS) {
        return;
      }
      points -= one.points;
      this.known.delete(key);
    }
  }
}

function keyOf({ times, ...body }: MetricsRequest, range: MovingRange | undefined): string {
  return JSON.stringify([body, range ? range.name : times]);
}

/** An answer that is empty is not free either. */
const pointsOf = ({ series }: MetricsAnswer) => series.reduce((sum, { value }) => sum + value.length, 1_000);

const idsOf = ({ runs }: MetricsAnswer) => JSON.stringify(runs?.map(({ id }) => id));
const haveSameRuns = (a: MetricsAnswer, b: MetricsAnswer) => idsOf(a) === idsOf(b);
