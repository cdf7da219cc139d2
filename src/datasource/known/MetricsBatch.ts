import { EVALS, evalRank, fitsName, standsForMany } from '@rolloscope/contract/evals';
import type { MetricsAnswer, MetricsRequest } from '@rolloscope/contract/types';
import { Audience } from '../http/Audience';
import { StoreFailure } from '../http/failure';
import { NOT_THERE, type StoreClient } from '../http/StoreClient';

/** Milliseconds in which the panels of a dashboard ask after a refresh; a glance is longer. */
const TOGETHER = 20;

/** `evals`: asks for the results of evals, which the store chooses; `names`: for metrics that may be among these. */
type Kind = 'evals' | 'names' | 'any';

interface Asked {
  /** The rest of the question, which all its queries have alike, as JSON. */
  rest: string;
  kind: Kind;
  metrics: Set<string>;
  audience: Audience;
  answer: Promise<MetricsAnswer>;
}

/**
 * Queries, of whichever panels, that are asked in one moment and differ in their metrics alone become one request: the
 * store looks its runs up once, and reads them at one moment. Each gets what the store would have answered it alone.
 */
export class MetricsBatch {
  private readonly waiting = new Set<Asked>();
  /** Queries that get along with no others: whose runs are too many, or whose metrics nobody logged. */
  private readonly alone = new Set<string>();

  constructor(private readonly client: StoreClient) {}

  /** Throws a `StoreFailure`. */
  async ask(body: MetricsRequest, signal?: AbortSignal): Promise<MetricsAnswer> {
    const { metrics, ...rest } = body;
    const runs = JSON.stringify(body.runs);
    const own = JSON.stringify([body.runs, metrics]);
    if (this.alone.has(runs) || this.alone.has(own)) {
      return this.send(body, signal);
    }
    const kind = kindOf(metrics);
    const asked = this.find(JSON.stringify(rest), kind) ?? this.begin(rest);
    asked.kind = kind === 'any' ? asked.kind : kind;
    asked.audience.join(signal);
    for (const metric of metrics) {
      asked.metrics.add(metric);
    }
    const answer = await asked.answer.catch((error: unknown) => this.failed(error, asked, body, signal));
    const isShared = asked.metrics.size > new Set(metrics).size;
    if (isShared && metrics.every((name) => answer.missing?.metrics?.includes(name))) {
      // The store has more to say of what is not there.
      this.alone.add(own);
      return this.send(body, signal);
    }
    if (isShared && answer.truncated) {
      this.alone.add(runs);
      return this.send(body, signal);
    }
    return isShared ? pick(answer, metrics) : answer;
  }

  /** In an answer with the results of evals no other query has any of them, so they can be told apart. */
  private find(rest: string, kind: Kind): Asked | undefined {
    return [...this.waiting].find(
      (one) => one.rest === rest && (one.kind === kind || one.kind === 'any' || kind === 'any'),
    );
  }

  private begin(rest: Omit<MetricsRequest, 'metrics'>): Asked {
    const metrics = new Set<string>();
    const audience = new Audience();
    const send = async () => {
      await new Promise((resolve) => setTimeout(resolve, TOGETHER));
      this.waiting.delete(asked);
      return this.send({ ...rest, metrics: [...metrics] }, audience.signal);
    };
    const asked: Asked = { rest: JSON.stringify(rest), kind: 'any', metrics, audience, answer: send() };
    this.waiting.add(asked);
    return asked;
  }

  /** What was too much together may be answered alone. */
  private failed(error: unknown, { metrics }: Asked, body: MetricsRequest, signal?: AbortSignal) {
    const isShared = metrics.size > new Set(body.metrics).size;
    if (!isShared || !(error instanceof StoreFailure) || error.isTransient) {
      throw error;
    }
    if (error.code !== 'metric_not_found' && error.code && NOT_THERE.has(error.code)) {
      throw error;
    }
    return this.send(body, signal);
  }

  private send(body: MetricsRequest, signal: AbortSignal | undefined): Promise<MetricsAnswer> {
    return this.client.ask('queryMetrics', { body }, signal);
  }
}

function kindOf(metrics: readonly string[]): Kind {
  const mayBeEval = (name: string) => standsForMany(name) || evalRank(name) !== undefined;
  return metrics.includes(EVALS) ? 'evals' : metrics.some(mayBeEval) ? 'names' : 'any';
}

/** Picks what one query asked for out of an answer to several. */
function pick(answer: MetricsAnswer, metrics: readonly string[]): MetricsAnswer {
  if (answer.reset) {
    return answer;
  }
  const logged = new Set(answer.series.map(({ metric }) => metric));
  // A name that exists is never read as a glob.
  const fits = (metric: string, name: string) => (logged.has(name) ? metric === name : fitsName(metric, name));
  const series = answer.series.filter(({ metric }) => metrics.some((name) => fits(metric, name)));
  const absent = answer.missing?.metrics?.filter((name) => metrics.includes(name)) ?? [];
  const { metrics: _, ...others } = answer.missing ?? {};
  const missing = { ...others, ...(absent.length > 0 && { metrics: absent }) };
  const { missing: __, ...whole } = answer;
  return { ...whole, series, ...(Object.keys(missing).length > 0 && { missing }) };
}
