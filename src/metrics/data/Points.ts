import type { MetricSource } from '@rolloscope/contract/frames';
import { LIMITS } from '@rolloscope/contract/limits';
import { mergeSince } from '@rolloscope/contract/mergeSince';
import type { MetricsAnswer, MetricsRequest } from '@rolloscope/contract/types';

/** The fields that the questions of all charts have in common. */
export type Asking = Omit<MetricsRequest, 'metrics' | 'x' | 'since' | 'asOf'> & { runs: string[] };

export type PointsAxis = 'step' | 'time';

/** Metrics of one request, at most: the first charts of a screen need not wait for the last. */
const MOST_METRICS = 24;

interface Known {
  /** The mark of what had been logged of the metric by then, as the caller tells it. */
  mark: string;
  answer: MetricsAnswer;
}

interface Wanted {
  mark: string;
  axis: PointsAxis;
  /** Charts that show it. */
  count: number;
}

/**
 * The points of the charts in view. What comes into view in one moment is asked for together; what is known is asked for
 * again only when its mark has changed, and then only for what came since.
 */
export class Points {
  /** The last failure, in words; undefined once an answer came again. */
  fault: string | undefined;
  private readonly known = new Map<string, Known>();
  private readonly wanted = new Map<string, Wanted>();
  private readonly asked = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private readonly abort = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param pause milliseconds in which wishes gather, so that a quick scroll asks for what it ends at */
  constructor(
    private readonly source: MetricSource,
    private readonly asking: Asking,
    private readonly pause = 60,
  ) {}

  /** Wants the points of a metric until the answer is called; another mark says that more was logged. */
  want(metric: string, mark: string, axis: PointsAxis): () => void {
    const count = (this.wanted.get(metric)?.count ?? 0) + 1;
    this.wanted.set(metric, { mark, axis, count });
    this.plan();
    return () => {
      const now = this.wanted.get(metric);
      if (now && now.count > 1) {
        this.wanted.set(metric, { ...now, count: now.count - 1 });
      } else {
        this.wanted.delete(metric);
      }
    };
  }

  /** The same object until other points came; undefined before any did. */
  get(metric: string): MetricsAnswer | undefined {
    return this.known.get(metric)?.answer;
  }

  /** Asks again for what failed. */
  retry(): void {
    this.plan();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  dispose(): void {
    clearTimeout(this.timer);
    this.abort.abort();
  }

  private plan(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.ask();
    }, this.pause);
  }

  private ask(): void {
    const bundles = new Map<string, { axis: PointsAxis; since: string; metrics: Array<[string, string]> }>();
    const most = Math.max(1, Math.min(MOST_METRICS, Math.floor(LIMITS.series / Math.max(1, this.asking.runs.length))));
    for (const [metric, { mark, axis }] of this.wanted) {
      const known = this.known.get(metric);
      if (known?.mark !== mark && !this.asked.has(metric)) {
        this.asked.add(metric);
        const since = known?.answer.asOf ?? '';
        let key = JSON.stringify([axis, since]);
        while ((bundles.get(key)?.metrics.length ?? 0) >= most) {
          key += '+';
        }
        const bundle = bundles.get(key) ?? { axis, since, metrics: [] };
        bundle.metrics.push([metric, mark]);
        bundles.set(key, bundle);
      }
    }
    for (const { axis, since, metrics } of bundles.values()) {
      void this.send(axis, since, metrics);
    }
  }

  private async send(axis: PointsAxis, since: string, metrics: Array<[string, string]>): Promise<void> {
    const names = metrics.map(([name]) => name);
    const body = { ...this.asking, metrics: names, ...(axis === 'time' && { x: axis }) };
    const { signal } = this.abort;
    try {
      let answer = await this.source.queryMetrics(since === '' ? body : { ...body, since }, signal);
      const isWhole = since === '' || answer.reset === true;
      if (answer.reset && since !== '') {
        answer = await this.source.queryMetrics(body, signal);
      }
      for (const [name, mark] of metrics) {
        const mine = { ...answer, series: answer.series.filter(({ metric }) => metric === name) };
        const before = this.known.get(name)?.answer;
        this.known.set(name, { mark, answer: isWhole || !before ? mine : mergeSince(before, mine, axis) });
      }
      this.fault = undefined;
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      this.fault = error instanceof Error ? error.message : String(error);
    } finally {
      for (const name of names) {
        this.asked.delete(name);
      }
    }
    for (const listener of this.listeners) {
      listener();
    }
    // More was logged while it was asked; after a failure the next refresh tries again.
    if (this.fault === undefined && names.some((name) => this.isBehind(name))) {
      this.plan();
    }
  }

  private isBehind(metric: string): boolean {
    const wanted = this.wanted.get(metric);
    return wanted !== undefined && this.known.get(metric)?.mark !== wanted.mark;
  }
}
