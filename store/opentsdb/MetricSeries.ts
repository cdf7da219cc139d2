import type { MetricRoles } from '../alerts/MetricRoles';
import type { Engine } from '../engine/Engine';
import type { RunBook, RunEntry } from '../runs/RunBook';
import { GRID_MS, onGrid } from './onGrid';
import { runTags, type Tags, withoutEmpty } from './runTags';
import { MOST_POINTS, MOST_SERIES, type SourceQuery, type TaggedDots, tooMuch, withinLimits } from './TaggedDots';

/** Values of metrics as they were logged, each held on the grid until the next, the last until `endOf` the run. */
export class MetricSeries {
  constructor(
    private readonly engine: Engine,
    private readonly book: RunBook,
    private readonly roles: MetricRoles,
  ) {}

  /** Throws an `OpenTsdbError` where that is too much. */
  async of(
    entries: readonly RunEntry[],
    read: 'value' | 'step' | 'time',
    query: SourceQuery,
    endOf: (entry: RunEntry) => number,
  ): Promise<TaggedDots[]> {
    const wanted = new Map<string, Array<{ entry: RunEntry; tags: Tags }>>();
    let series = 0;
    for (const entry of entries) {
      const tags = runTags(entry.record);
      for (const metric of entry.latest.keys()) {
        const task = this.roles.of(metric)?.eval?.task ?? '';
        const own = withoutEmpty({ ...tags, metric, task });
        if (query.fits(own)) {
          wanted.set(metric, [...(wanted.get(metric) ?? []), { entry, tags: own }]);
          series++;
        }
      }
      if (series > MOST_SERIES) {
        throw tooMuch(`more than ${MOST_SERIES} series`);
      }
    }
    const found: TaggedDots[] = [];
    for (const [metric, ones] of wanted) {
      const common = {
        scopes: ones.map(({ entry }) => this.book.scope(entry)),
        metric,
        position: this.engine.position,
        read,
        limit: MOST_POINTS,
      };
      const last = { aggregate: 'last' as const };
      const [earlier, inside] = await Promise.all([
        this.engine.timeSeries({
          ...common,
          times: { to: query.start },
          bucket: { ...last, width: Number.POSITIVE_INFINITY },
        }),
        this.engine.timeSeries({
          ...common,
          times: { from: query.start + 1, to: query.end },
          bucket: { ...last, width: GRID_MS },
        }),
      ]);
      for (const { entry, tags } of ones) {
        const ofRun = (all: typeof inside) => all.find(({ run }) => run === entry.record.id);
        const held = ofRun(earlier);
        const new_ = ofRun(inside);
        // A bucket's last value is known at the bucket's end.
        const time = [...(held ? [query.start] : []), ...(new_?.time ?? []).map((at) => at + GRID_MS)];
        const value = [...(held?.value ?? []), ...(new_?.value ?? [])].map((one) =>
          read === 'time' ? one / 1_000 : one,
        );
        const dots = onGrid({ time, value, until: endOf(entry) }, query.start, query.end);
        if (dots.time.length > 0) {
          found.push({ tags, dots });
        }
      }
    }
    return withinLimits(found);
  }
}
