import { RUN_GAUGES, type RunGauge } from '@rolloscope/contract';
import type { Asker } from '../Access';
import type { Engine } from '../engine/Engine';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { Turn } from '../Turn';
import { combine } from './combine';
import type { DerivedSeries } from './DerivedSeries';
import { badRequest, shown } from './OpenTsdbError';
import type { MetricQuery, TsdbRequest } from './parseQuery';
import { RequestCost, type Spending } from './RequestCost';
import { RUN_KEYS, runTags, TAG_KEYS, type Tags } from './runTags';
import type { SourceQuery, TaggedSeries } from './series';
import type { Answered } from './seriesText';
import { suggest } from './suggest';
import type { TagFilter } from './tagFilters';

/** The kinds of names that `GET /api/suggest` lists. */
export type SuggestType = 'metrics' | 'tagk' | 'tagv';

const isGauge = (metric: string): metric is RunGauge => Object.hasOwn(RUN_GAUGES, metric);

/** A gauge is looked up in what there was for so long. */
const LOOKUP_MS = 24 * 3_600_000;

/** OpenTSDB's reading half over the store: raw metrics under their own names, gauges under those of `/metrics`. */
export class OpenTsdb {
  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly derived: DerivedSeries,
  ) {}

  /** Everything is read, and nothing made yet; throws an `OpenTsdbError` where reading or making it would be too much. */
  async query({ start, end, queries, showQuery }: TsdbRequest, asker: Asker, spending: Spending): Promise<Answered[]> {
    const answered: Answered[] = [];
    for (const query of queries) {
      const source = sourceQuery(query, { start, end }, asker, spending);
      const found = isGauge(query.metric) ? await this.derived.of(query.metric, source) : await this.raw(query, source);
      const series = combine(found, query, { start, end }, spending.cost);
      const echo = showQuery ? JSON.stringify(query.asked) : undefined;
      spending.cost.take('echo', (echo?.length ?? 0) * series.length);
      answered.push({ series, echo });
    }
    return answered;
  }

  /** Points of a metric as they were logged. A gauge that no run logs is a name like any other: there is none. */
  private async raw({ metric }: MetricQuery, query: SourceQuery): Promise<TaggedSeries[]> {
    const { start, end, downsample, cost } = query;
    const seen = this.runIndex.seenBy(query.asker);
    const chosen = new Map<string, { entry: RunEntry; tags: Tags }>();
    let isKnown = false;
    for await (const entry of this.having(metric, query)) {
      isKnown = true;
      const tags = runTags(seen, entry);
      if (query.fits(tags)) {
        cost.take('series', 1);
        chosen.set(entry.record.id, { entry, tags });
      }
    }
    if (!isKnown) {
      throw badRequest(`No such name for 'metrics': ${shown(metric)}`);
    }
    const engine = this.engine.readsFor(query.asker);
    const { series, tooMany } = await engine.timeSeries({
      wanted: [...chosen.values()].map(({ entry }) => ({ scope: this.runIndex.scope(entry), metric })),
      times: { from: start, to: end },
      position: await engine.position(),
      ...(downsample && { bucket: { width: downsample.width, aggregate: downsample.aggregator.inEngine } }),
      limit: cost.left('read'),
    });
    if (tooMany !== undefined) {
      throw cost.tooMuch('read', tooMany);
    }
    return series.map(({ run, time, value }) => {
      cost.take('read', time.length);
      return {
        tags: chosen.get(run)?.tags ?? {},
        most: time.length,
        width: downsample?.width ?? 1,
        datapoints: datapointsOf(time, value),
      };
    });
  }

  async suggest(type: SuggestType, text: string, most: number, asker: Asker): Promise<string[]> {
    const names = { metrics: () => this.metrics(asker), tagk: () => TAG_KEYS, tagv: () => this.tagValues(asker) };
    return suggest(names[type](), text, most, new Turn(asker.signal));
  }

  private *metrics(asker: Asker): Generator<string> {
    yield* Object.keys(RUN_GAUGES);
    for (const { latest } of this.visible(asker)) {
      yield* latest.keys();
    }
  }

  private *tagValues(asker: Asker): Generator<string> {
    const seen = this.runIndex.seenBy(asker);
    for (const entry of this.visible(asker)) {
      yield* Object.values(runTags(seen, entry));
    }
  }

  /** `GET /api/search/lookup`: the first series of a metric, by their tags. */
  async lookup(metric: string, most: number, asker: Asker, now: number): Promise<Tags[]> {
    const query: SourceQuery = {
      fits: () => true,
      fitsRun: () => true,
      start: now - LOOKUP_MS,
      end: now,
      downsample: undefined,
      asker,
      cost: new RequestCost(),
      turn: new Turn(asker.signal),
    };
    const found: Tags[] = [];
    for await (const tags of isGauge(metric) ? this.derived.tagsOf(metric, query) : this.rawTags(metric, query)) {
      if (found.push(tags) >= most) {
        break;
      }
    }
    return found;
  }

  private async *rawTags(metric: string, query: SourceQuery): AsyncGenerator<Tags> {
    const seen = this.runIndex.seenBy(query.asker);
    for await (const entry of this.having(metric, query)) {
      yield runTags(seen, entry);
    }
  }

  /** Runs that log a metric. */
  private async *having(metric: string, { asker, turn }: SourceQuery): AsyncGenerator<RunEntry> {
    for (const entry of this.visible(asker)) {
      if (entry.latest.has(metric)) {
        yield entry;
      }
      if (turn.isOver) {
        await turn.next();
      }
    }
  }

  private *visible(asker: Asker): Generator<RunEntry> {
    for (const entry of this.runIndex.all()) {
      if (asker.reads(entry.record.project) && !entry.record.archived) {
        yield entry;
      }
    }
  }
}

function sourceQuery(
  { filters, explicitTags, downsample }: MetricQuery,
  range: { start: number; end: number },
  asker: Asker,
  spending: Spending,
): SourceQuery {
  const fitsAll = (wanted: readonly TagFilter[], tags: Tags) =>
    wanted.every((filter) => {
      spending.cost.take('steps', filter.steps);
      return filter.fits(tags[filter.key]);
    });
  const ofRuns = filters.filter(({ key }) => RUN_KEYS.includes(key));
  const isAsked = (key: string) => filters.some((filter) => filter.key === key);
  return {
    fits: (tags) => (!explicitTags || Object.keys(tags).every(isAsked)) && fitsAll(filters, tags),
    fitsRun: (tags) => fitsAll(ofRuns, tags),
    downsample,
    asker,
    ...range,
    ...spending,
  };
}

function* datapointsOf(time: Float64Array, value: Float64Array) {
  for (let i = 0; i < time.length; i++) {
    yield { time: time[i] ?? 0, value: value[i] ?? 0 };
  }
}
