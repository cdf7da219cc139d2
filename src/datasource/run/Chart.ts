import type { DataFrame } from '@grafana/data';
import { standsForMany } from '@rolloscope/contract/evals';
import { mergeSince } from '@rolloscope/contract/mergeSince';
import type { MetricsAnswer, MetricsRequest, Run } from '@rolloscope/contract/types';
import { metricsFrames } from '../frames/metricsFrames';
import { StoreFailure } from '../http/failure';
import type { MetricsQuery } from '../query';
import { metricsRequest, smoothingWeight } from '../toRequest';
import type { QueryContext } from './QueryContext';
import { runsById } from './selectRuns';

interface Asked {
  body: MetricsRequest;
  answer: MetricsAnswer;
}

/** The points of one query and how they go on: asked once, then for what came after. */
export class Chart {
  private asked: Asked | undefined;
  /** Means of the same buckets, where a smoothed line needs them. */
  private means: Asked | undefined;
  private runs = new Map<string, Run>();
  private isOutside = false;

  constructor(
    private readonly query: MetricsQuery,
    private readonly context: QueryContext,
  ) {}

  /** Whether a run of the chart still logs. */
  get isRunning(): boolean {
    return [...this.runs.values()].some(({ state }) => state === 'running');
  }

  async begin(): Promise<DataFrame[]> {
    const { query } = this;
    const isOfTime = query.x.by === 'time';
    this.asked = await this.ask(metricsRequest(query, this.context.maxDataPoints, isOfTime ? this.times() : undefined));
    this.isOutside = isOfTime && this.asked.answer.series.every(({ value }) => value.length === 0);
    if (this.isOutside) {
      // Points outside the range: Grafana's charts then say so and offer to go there, instead of "No data".
      this.asked = await this.ask(metricsRequest(query, this.context.maxDataPoints));
    }
    const { body, answer } = this.asked;
    // The points of a bucket that stand out are no measure of its middle.
    const isReduced = answer.series.some(({ value, totalPoints }) => value.length < totalPoints);
    const { reduce = 'extremes' } = query;
    const wantsMeans = smoothingWeight(query) !== undefined && isReduced && reduce === 'extremes';
    this.means = wantsMeans ? await this.ask({ ...body, reduce: 'mean' }) : undefined;
    await this.lookUpRuns();
    return this.frames();
  }

  /** The frames with what came since, undefined where nothing came. */
  async goOn(): Promise<DataFrame[] | undefined> {
    const [asked, means] = [this.asked, this.means];
    if (!asked) {
      return this.begin();
    }
    const [fresh, freshMeans] = await Promise.all([this.since(asked), means && this.since(means)]);
    if (fresh.reset || freshMeans?.reset || (this.isOutside && fresh.series.length > 0)) {
      return this.begin();
    }
    const x = asked.body.x === 'time' ? 'time' : 'step';
    this.asked = { ...asked, answer: mergeSince(asked.answer, fresh, x) };
    this.means = means && freshMeans && { ...means, answer: mergeSince(means.answer, freshMeans, x) };
    const isNew = fresh.series.some(({ run }) => !this.runs.has(run));
    if (isNew) {
      await this.lookUpRuns();
    }
    return fresh.series.length > 0 ? this.frames() : undefined;
  }

  async lookUpRuns(): Promise<void> {
    const ids = this.asked?.answer.series.map(({ run }) => run) ?? [];
    this.runs = await runsById([...new Set(ids)], this.context);
  }

  /** Of the panel; a live chart of a range that ends now has no end. */
  private times(): { from: number; to?: number } {
    const { from, to, raw } = this.context.range;
    const isOpen = this.query.live && typeof raw.to === 'string' && raw.to.startsWith('now');
    return { from: from.valueOf(), ...(!isOpen && { to: to.valueOf() }) };
  }

  private async ask(body: MetricsRequest): Promise<Asked> {
    const post = this.context.batch.ask(body);
    // Patterns that fit nothing are an empty answer; a name that nobody logged is a mistake, and said.
    const isPattern = this.query.metrics.every(standsForMany);
    return { body, answer: await (isPattern ? post.catch(noSeries) : post) };
  }

  private async since({ body, answer }: Asked): Promise<MetricsAnswer> {
    return answer.asOf === '' ? { ...answer, reset: true } : (await this.ask({ ...body, since: answer.asOf })).answer;
  }

  private frames(): DataFrame[] {
    const { query, runs, isOutside } = this;
    const { link } = this.context;
    if (!this.asked) {
      return [];
    }
    const means = this.means?.answer;
    const smoothing = smoothingWeight(query);
    const frames = metricsFrames(this.asked.answer, {
      query,
      runs,
      isOutside,
      smoothing,
      means,
      ...(link && { link }),
    });
    const executedQueryString = JSON.stringify(this.asked.body, null, 2);
    return frames.map((frame) => ({ ...frame, meta: { ...frame.meta, executedQueryString } }));
  }
}

function noSeries(error: unknown): MetricsAnswer {
  if (error instanceof StoreFailure && error.code === 'metric_not_found') {
    return { series: [], asOf: '' };
  }
  throw error;
}
