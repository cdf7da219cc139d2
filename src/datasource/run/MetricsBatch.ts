import { fitsName } from '@rolloscope/contract/evals';
import type { MetricsAnswer, MetricsRequest } from '@rolloscope/contract/types';
import { StoreFailure } from '../http/failure';
import type { StoreClient } from '../http/StoreClient';

interface Asked {
  metrics: Set<string>;
  answer: Promise<MetricsAnswer>;
}

/**
 * Queries of one panel that are asked in one moment and differ in their metrics alone become one request: the store
 * looks its runs up once, and reads them at one moment.
 */
export class MetricsBatch {
  private readonly waiting = new Map<string, Asked>();

  constructor(
    private readonly client: StoreClient,
    private readonly signal?: AbortSignal,
  ) {}

  async ask({ metrics, ...rest }: MetricsRequest): Promise<MetricsAnswer> {
    const key = JSON.stringify(rest);
    const asked = this.waiting.get(key) ?? this.begin(key, rest);
    for (const metric of metrics) {
      asked.metrics.add(metric);
    }
    return pick(await asked.answer, metrics, asked.metrics.size > new Set(metrics).size);
  }

  private begin(key: string, rest: Omit<MetricsRequest, 'metrics'>): Asked {
    const metrics = new Set<string>();
    const send = async () => {
      // Whoever asks in this moment has asked by then.
      await Promise.resolve();
      this.waiting.delete(key);
      const body: MetricsRequest = { ...rest, metrics: [...metrics] };
      return this.client.post<MetricsAnswer>('/query/metrics', body, { has: 'series', signal: this.signal });
    };
    const asked = { metrics, answer: send() };
    this.waiting.set(key, asked);
    return asked;
  }
}

/** What one query asked for, as the store would have answered it alone. */
function pick(answer: MetricsAnswer, metrics: readonly string[], isShared: boolean): MetricsAnswer {
  if (!isShared || answer.reset) {
    return answer;
  }
  const logged = new Set(answer.series.map(({ metric }) => metric));
  // A name that exists is never read as a glob.
  const fits = (metric: string, name: string) => (logged.has(name) ? metric === name : fitsName(metric, name));
  const series = answer.series.filter(({ metric }) => metrics.some((name) => fits(metric, name)));
  const absent = answer.missing?.metrics?.filter((name) => metrics.includes(name)) ?? [];
  if (absent.length === new Set(metrics).size) {
    const names = absent.map((name) => JSON.stringify(name)).join(', ');
    throw new StoreFailure(`The selected runs have no metric ${names}.`, 404, 'metric_not_found');
  }
  const { metrics: _, ...others } = answer.missing ?? {};
  const missing = { ...others, ...(absent.length > 0 && { metrics: absent }) };
  const { missing: __, ...whole } = answer;
  return { ...whole, series, ...(Object.keys(missing).length > 0 && { missing }) };
}
