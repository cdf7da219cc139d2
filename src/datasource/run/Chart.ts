import type { DataFrame } from '@grafana/data';
import { standsForMany } from '@rolloscope/contract/evals';
import type { MetricsAnswer, MetricsRequest, RunBrief } from '@rolloscope/contract/types';
import { metricsFrames } from '../frames/metricsFrames';
import { StoreFailure } from '../http/failure';
import type { MovingRange } from '../known/KnownMetrics';
import type { MetricsQuery } from '../query';
import { metricsRequest, smoothingWeight } from '../toRequest';
import type { QueryContext } from './QueryContext';
import { runsById } from './selectRuns';

/** The answers that a chart is drawn of; they are the same objects again where nothing came. */
interface Read {
  body: MetricsRequest;
  answer: MetricsAnswer;
  /** Means of the same buckets, where a smoothed line needs them. */
  means?: MetricsAnswer | undefined;
  isOutside: boolean;
}

/** Part of a range's length that its begin may move by before its points are read anew. */
const SLACK = 0.1;

/** The points of one query and how they go on. */
export class Chart {
  private last: Read | undefined;
  private runs: ReadonlyMap<string, RunBrief> = new Map();

  constructor(
    private readonly query: MetricsQuery,
    private readonly context: QueryContext,
  ) {}

  /** True while a run of the chart still logs. */
  get isRunning(): boolean {
    return [...this.runs.values()].some(({ state }) => state === 'running');
  }

  async begin(): Promise<DataFrame[]> {
    return this.show(await this.read());
  }

  /** The frames with what came since, undefined where nothing came. */
  async goOn(): Promise<DataFrame[] | undefined> {
    const read = await this.read();
    const { last } = this;
    return last?.answer === read.answer && last.means === read.means ? undefined : this.show(read);
  }

  /** A store that sends its runs along tells by itself when they end. */
  async lookUpRuns(): Promise<void> {
    if (this.last && !this.last.answer.runs) {
      await this.setRuns(this.last.answer);
    }
  }

  private async show(read: Read): Promise<DataFrame[]> {
    await this.setRuns(read.answer);
    this.last = read;
    return this.frames(read);
  }

  private async setRuns({ runs, series }: MetricsAnswer): Promise<void> {
    const known = runs?.map((run): [string, RunBrief] => [run.id, run]);
    this.runs = known ? new Map(known) : await runsById([...new Set(series.map(({ run }) => run))], this.context);
  }

  private async read(): Promise<Read> {
    const { query, context } = this;
    const whole = metricsRequest(query, context.maxDataPoints);
    const range = this.movingRange();
    const within = query.x.by === 'time' ? metricsRequest(query, context.maxDataPoints, this.times(range)) : whole;
    let [body, answer] = [within, await this.unlessOutside(within, whole, range)];
    const isOutside = answer === undefined;
    if (answer === undefined) {
      // Points outside the range: Grafana's charts then say so and offer to go there, instead of "No data".
      [body, answer] = [whole, await this.ask(whole)];
    }
    // The points of a bucket that stand out are no measure of its middle.
    const isReduced = answer.series.some(({ value, totalPoints }) => value.length < totalPoints);
    const { reduce = 'extremes' } = query;
    const wantsMeans = smoothingWeight(query) !== undefined && isReduced && reduce === 'extremes';
    const means = wantsMeans ? await this.ask({ ...body, reduce: 'mean' }, isOutside ? undefined : range) : undefined;
    return { body, answer, means, isOutside };
  }

  /** The points within the range; undefined where there are none. */
  private async unlessOutside(within: MetricsRequest, whole: MetricsRequest, range: MovingRange | undefined) {
    if (within === whole) {
      return this.ask(whole);
    }
    const { metrics } = this.context.known;
    const known = [metrics.peek(within, range), metrics.peek(whole)];
    if (range && known[0] && isEmpty(known[0]) && known[1] && (await this.ask(whole)) === known[1]) {
      // Nothing came at all, so nothing came into the range either.
      return undefined;
    }
    const answer = await this.ask(within, range);
    return isEmpty(answer) ? undefined : answer;
  }

  /** Returns the panel's range where it ends now; undefined for one that stays where it is. */
  private movingRange(): MovingRange | undefined {
    const { from, to, raw } = this.context.range;
    return raw.to === 'now'
      ? { name: `${raw.from.valueOf()} now`, slack: SLACK * (to.valueOf() - from.valueOf()) }
      : undefined;
  }

  /** The time range of the panel, in epoch milliseconds; one that ends now has no end. */
  private times(range: MovingRange | undefined): { from: number; to?: number } {
    const { from, to, raw } = this.context.range;
    const isOpen = range || (this.query.live && typeof raw.to === 'string' && raw.to.startsWith('now'));
    return { from: from.valueOf(), ...(!isOpen && { to: to.valueOf() }) };
  }

  private ask(body: MetricsRequest, range?: MovingRange): Promise<MetricsAnswer> {
    const { known, signal } = this.context;
    const answer = known.metrics.read(body, signal, range);
    // Patterns that fit nothing are an empty answer; a name that nobody logged is a mistake, and said.
    const isPattern = this.query.metrics.every(standsForMany);
    return isPattern ? answer.catch(noSeries) : answer;
  }

  private frames({ body, answer, means, isOutside }: Read): DataFrame[] {
    const { query, runs } = this;
    const { links, takesFigures } = this.context;
    const smoothing = smoothingWeight(query);
    const frames = metricsFrames(answer, { query, runs, isOutside, smoothing, means, links, takesFigures });
    const executedQueryString = JSON.stringify(body, null, 2);
    return frames.map((frame) => ({ ...frame, meta: { ...frame.meta, executedQueryString } }));
  }
}

const isEmpty = ({ series }: MetricsAnswer) => series.every(({ value }) => value.length === 0);

const NO_SERIES: MetricsAnswer = { series: [], asOf: '' };

function noSeries(error: unknown): MetricsAnswer {
  if (error instanceof StoreFailure && error.code === 'metric_not_found') {
    return NO_SERIES;
  }
  throw error;
}
