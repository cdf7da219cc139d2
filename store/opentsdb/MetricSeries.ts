import type { MetricRoles } from '../alerts/MetricRoles';
import type { Engine } from '../engine/Engine';
import type { TimeSeries } from '../engine/EngineReads';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { type Changes, GRID_MS } from './held';
import { heldSeries } from './heldSeries';
import { runTags, type Tags, withoutEmpty } from './runTags';
import type { SourceQuery, TaggedSeries } from './series';

/** A metric of a run that is wanted. */
interface Wanted {
  entry: RunEntry;
  metric: string;
  tags: Tags;
}

/** Values of metrics as they were logged, each held on the grid until the next, the last until `endOf` the run. */
export class MetricSeries {
  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly roles: MetricRoles,
  ) {}

  /** Throws an `OpenTsdbError` where that is too much. */
  async of(
    entries: readonly RunEntry[],
    read: 'value' | 'step' | 'time',
    query: SourceQuery,
    endOf: (entry: RunEntry) => number,
  ): Promise<TaggedSeries[]> {
    const { start, end } = query;
    const wanted: Wanted[] = [];
    for await (const one of this.wanted(entries, query)) {
      query.cost.take('series', 1);
      wanted.push(one);
    }
    if (wanted.length === 0) {
      return [];
    }
    const earlier = byName(await this.read(wanted, read, query, { to: start }, Number.POSITIVE_INFINITY));
    const inside = byName(await this.read(wanted, read, query, { from: start + 1, to: end }, GRID_MS));
    const scale = read === 'time' ? 1 / 1_000 : 1;
    return wanted.flatMap(({ entry, metric, tags }) => {
      const [held, fresh] = [earlier, inside].map((all) => all.get(nameOf(entry.record.id, metric)));
      return heldSeries(tags, joined(held, fresh, start, endOf(entry), scale), query);
    });
  }

  /** Those that fit, one after another: nothing is read for them. */
  async *wanted(entries: readonly RunEntry[], { fits, turn, asker }: SourceQuery): AsyncGenerator<Wanted> {
    const seen = this.runIndex.seenBy(asker);
    for (const entry of entries) {
      const ofRun = runTags(seen, entry);
      for (const metric of entry.latest.keys()) {
        const task = this.roles.of(metric)?.eval?.task ?? '';
        const tags = withoutEmpty({ ...ofRun, metric, task });
        if (fits(tags)) {
          yield { entry, metric, tags };
        }
        if (turn.isOver) {
          await turn.next();
        }
      }
    }
  }

  private async read(
    wanted: readonly Wanted[],
    read: 'value' | 'step' | 'time',
    { cost, asker }: SourceQuery,
    times: { from?: number; to: number },
    width: number,
  ): Promise<TimeSeries[]> {
    const engine = this.engine.readsFor(asker);
    const { series, tooMany } = await engine.timeSeries({
      wanted: wanted.map(({ entry, metric }) => ({ scope: this.runIndex.scope(entry), metric })),
      times,
      position: await engine.position(),
      bucket: { aggregate: 'last', width },
      read,
      limit: cost.left('read'),
    });
    if (tooMany !== undefined) {
      throw cost.tooMuch('read', tooMany);
    }
    for (const { time } of series) {
      cost.take('read', time.length);
    }
    return series;
  }
}

const nameOf = (run: string, metric: string) => JSON.stringify([run, metric]);
const byName = (all: readonly TimeSeries[]) => new Map(all.map((one) => [nameOf(one.run, one.metric), one]));

/** Joins what held at the start and what came since. A bucket's last value is known at the bucket's end. */
function joined(
  held: TimeSeries | undefined,
  fresh: TimeSeries | undefined,
  start: number,
  until: number,
  scale: number,
): Changes {
  const before = held?.value.length ? 1 : 0;
  const time = new Float64Array(before + (fresh?.time.length ?? 0));
  const value = new Float64Array(time.length);
  if (before) {
    time[0] = start;
    value[0] = (held?.value[0] ?? 0) * scale;
  }
  for (let i = 0; i + before < time.length; i++) {
    time[i + before] = (fresh?.time[i] ?? 0) + GRID_MS;
    value[i + before] = (fresh?.value[i] ?? 0) * scale;
  }
  return { time, value, until };
}
