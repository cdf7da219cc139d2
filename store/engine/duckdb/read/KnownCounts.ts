import type { SeriesData, SeriesQuery } from '../../EngineReads';

/** Questions that are remembered. */
const MOST = 200;

/** The numbers of points that questions had when they were last asked: dashboards ask the same ones again and again. */
export class KnownCounts {
  private readonly counts = new Map<string, number>();

  of(query: SeriesQuery): number | undefined {
    return this.counts.get(keyOf(query));
  }

  note(query: SeriesQuery, series: readonly SeriesData[]): void {
    const key = keyOf(query);
    this.counts.delete(key);
    const count = series.reduce((sum, { totalPoints }) => sum + totalPoints, 0);
    this.counts.set(key, count);
    const [oldest] = this.counts.size > MOST ? this.counts.keys() : [];
    if (oldest !== undefined) {
      this.counts.delete(oldest);
    }
  }
}

/** Names a question by what bounds its points. A group counts its joined points, fewer than those that are read. */
const keyOf = ({ scopes, metrics, steps, times, groups, at }: SeriesQuery) =>
  JSON.stringify([scopes.map(({ run }) => run), metrics, steps, times, groups !== undefined, at]);
