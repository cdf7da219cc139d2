import { RUN_GAUGES, type RunGauge } from '@rolloscope/contract';
import type { Access } from '../Access';
import type { Engine } from '../engine/Engine';
import type { RunBook, RunEntry } from '../runs/RunBook';
import { aggregate, type Dots } from './aggregators';
import type { DerivedSeries } from './DerivedSeries';
import { downsample, fillZero } from './downsample';
import { badRequest } from './OpenTsdbError';
import type { MetricQuery, TsdbRequest } from './parseQuery';
import { rateOf } from './rate';
import { runTags, TAG_KEYS, type Tags } from './runTags';
import { MOST_POINTS, MOST_SERIES, type TaggedDots, tooMuch, withinLimits } from './TaggedDots';
import type { TagFilter } from './tagFilters';

/** One line of the answer to a query. */
export interface TsdbSeries {
  metric: string;
  /** Those that all of its series share. */
  tags: Tags;
  /** Keys of those in which they differ. */
  aggregateTags: string[];
  dots: Dots;
  query?: unknown;
}

/** What `GET /api/suggest` lists. */
export type SuggestType = 'metrics' | 'tagk' | 'tagv';

const isGauge = (metric: string): metric is RunGauge => Object.hasOwn(RUN_GAUGES, metric);

/** OpenTSDB's reading half over the store: raw metrics under their own names, gauges under those of `/metrics`. */
export class OpenTsdb {
  constructor(
    private readonly engine: Engine,
    private readonly book: RunBook,
    private readonly derived: DerivedSeries,
  ) {}

  async query({ start, end, queries, showQuery }: TsdbRequest, access: Access): Promise<TsdbSeries[]> {
    const answers: TsdbSeries[] = [];
    for (const query of queries) {
      const found = isGauge(query.metric)
        ? await this.derived.of(query.metric, { fits: (tags) => fits(tags, query), start, end, access })
        : await this.raw(query, start, end, access);
      answers.push(
        ...combine(found, query, start, end).map((one) => (showQuery ? { ...one, query: query.asked } : one)),
      );
    }
    return answers;
  }

  /** Points of a metric as they were logged. A gauge that no run logs is a name like any other: there is none. */
  private async raw(query: MetricQuery, start: number, end: number, access: Access): Promise<TaggedDots[]> {
    const { metric } = query;
    const having = this.visible(access).filter(({ latest }) => latest.has(metric));
    if (having.length === 0) {
      throw badRequest(`No such name for 'metrics': ${JSON.stringify(metric)}`);
    }
    const chosen = new Map<string, Tags>();
    for (const { record } of having) {
      const tags = runTags(record);
      if (fits(tags, query)) {
        chosen.set(record.id, tags);
      }
    }
    if (chosen.size > MOST_SERIES) {
      throw tooMuch(`${chosen.size} series; the limit is ${MOST_SERIES}`);
    }
    const { downsample: given } = query;
    const series = await this.engine.timeSeries({
      scopes: having.filter(({ record }) => chosen.has(record.id)).map((entry) => this.book.scope(entry)),
      metric,
      times: { from: start, to: end },
      position: this.engine.position,
      // With a rate in between, each point counts.
      ...(given && { bucket: { width: given.width, aggregate: given.aggregator.inEngine } }),
      limit: MOST_POINTS + 1,
    });
    return withinLimits(series.map(({ run, time, value }) => ({ tags: chosen.get(run) ?? {}, dots: { time, value } })));
  }

  suggest(type: SuggestType, q: string, max: number, access: Access): string[] {
    const names = type === 'tagk' ? TAG_KEYS : type === 'tagv' ? this.tagValues(access) : this.metrics(access);
    const found: string[] = [];
    for (const name of names) {
      if (name.startsWith(q) && found.push(name) >= max) {
        break;
      }
    }
    return found;
  }

  private metrics(access: Access): Iterable<string> {
    const raw = new Set(this.visible(access).flatMap(({ latest }) => [...latest.keys()]));
    return [...Object.keys(RUN_GAUGES), ...[...raw].sort()];
  }

  private tagValues(access: Access): Iterable<string> {
    return [...new Set(this.visible(access).flatMap(({ record }) => Object.values(runTags(record))))].sort();
  }

  /** `GET /api/search/lookup`: the series of a metric, by their tags. */
  async lookup(metric: string, limit: number, access: Access, now: number): Promise<Tags[]> {
    if (isGauge(metric)) {
      const found = await this.derived.of(metric, { fits: () => true, start: now - LOOKUP_MS, end: now, access });
      return found.slice(0, limit).map(({ tags }) => tags);
    }
    const having = this.visible(access).filter(({ latest }) => latest.has(metric));
    return having.slice(0, limit).map(({ record }) => runTags(record));
  }

  private visible(access: Access): RunEntry[] {
    return [...this.book.all()].filter(({ record }) => access.reads(record.project) && !record.archived);
  }
}

const LOOKUP_MS = 24 * 3_600_000;

function fits(tags: Tags, { filters, explicitTags }: MetricQuery): boolean {
  const isKnown = (key: string) => filters.some((filter) => filter.key === key);
  return (
    filters.every((filter) => filter.fits(tags[filter.key])) && (!explicitTags || Object.keys(tags).every(isKnown))
  );
}

/** Downsampled, taken together by the tags that are grouped by, and turned into rates. */
function combine(found: readonly TaggedDots[], query: MetricQuery, start: number, end: number): TsdbSeries[] {
  const { metric, aggregator, downsample: given, rate, filters } = query;
  const groups = new Map<string, TaggedDots[]>();
  for (const [i, one] of found.entries()) {
    const key = aggregator ? groupKey(one.tags, filters) : String(i);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((members) => {
    const brought = members.map(({ dots }) => (given && isGauge(metric) ? downsample(dots, given, start) : dots));
    const filled =
      given?.zero && Number.isFinite(given.width)
        ? brought.map((dots) => fillZero(dots, given.width, start, end))
        : brought;
    const dots = aggregator ? aggregate(filled, aggregator) : (filled[0] ?? { time: [], value: [] });
    const [first = {}, ...others] = members.map(({ tags }) => tags);
    const keys = [...new Set(members.flatMap(({ tags }) => Object.keys(tags)))];
    const isShared = (key: string) => first[key] !== undefined && others.every((tags) => tags[key] === first[key]);
    return {
      metric,
      tags: Object.fromEntries(keys.filter(isShared).map((key) => [key, first[key] ?? ''])),
      aggregateTags: keys.filter((key) => !isShared(key)),
      dots: rate ? rateOf(dots, rate) : dots,
    };
  });
}

const groupKey = (tags: Tags, filters: readonly TagFilter[]) =>
  JSON.stringify(filters.filter(({ groupBy }) => groupBy).map(({ key }) => tags[key] ?? null));
