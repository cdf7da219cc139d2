import type { Engine } from '../engine/Engine';
import type { RunEntry } from '../runs/RunEntry';
import { BASELINE_TAG, type RunIndex } from '../runs/RunIndex';
import { errorOf } from './compareEval';
import type { EvalPlace, EvalTables } from './EvalTables';
import { evalCounts } from './evalCounts';
import type { Evidence } from './judgeEval';
import { MOST_EVALS, type TaskWatch } from './RunWatch';
import { NOISE_EVALS, noiseError } from './standardError';

/** Evals of baselines that are remembered; a run and metric without any is worth some, too. */
const MOST_REMEMBERED = 200_000;
const EMPTY = 100;

interface BaselineEvals {
  /** The newest point of the metric when they were read: another one means to read again. */
  latest: unknown;
  /** Evals by step, ascending; those that came at one step in the order of arrival. */
  evals: Array<{ step: number; value: number; position: number }>;
}

/** Finds what a baseline run had at the step of an eval. */
export class Baselines {
  private readonly known = new Map<string, BaselineEvals>();
  private remembered = 0;

  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly tables: EvalTables,
  ) {}

  /** The run that it names, of its own project; else the project's newest run with the tag `baseline`. */
  of({ record }: RunEntry): RunEntry | undefined {
    if (record.baseline !== undefined) {
      const named = this.runIndex.inProject(record.project, record.baseline);
      return named?.record.id !== record.id ? named : undefined;
    }
    let newest: RunEntry | undefined;
    for (const entry of this.runIndex.taggedBaselines(record.project)) {
      const { id, createdAt } = entry.record;
      newest = id !== record.id && (!newest || createdAt >= newest.record.createdAt) ? entry : newest;
    }
    return newest;
  }

  /**
   * The baseline's eval of that step, or the one before where it was evaluated at others; nothing beyond its last one.
   */
  async at(
    entry: RunEntry,
    { metric, task, watched }: TaskWatch,
    place: EvalPlace,
    position: number,
  ): Promise<Evidence> {
    const baseline = this.of(entry);
    if (!baseline || (entry.record.tags.includes(BASELINE_TAG) && entry.record.baseline === undefined)) {
      return {};
    }
    const evals = (await this.evalsOf(baseline, metric)).filter((one) => one.position <= position);
    const last = evals.at(-1);
    const found = evals.findLast(({ step }) => step <= place.step);
    if (!found || !last || place.step > last.step) {
      return {};
    }
    const isWorse = watched.better === 'higher' ? place.value < found.value : place.value > found.value;
    const there = { run: baseline.record.id, task, step: found.step, value: found.value };
    const [results, paired] = isWorse
      ? [await this.tables.results(there, position), await this.tables.paired([there], place, position)]
      : [];
    const counts = evalCounts(baseline, metric, task, results?.size);
    // The baseline has noise of its own: it may have been evaluated on more prompts, or fewer.
    const own = { attempt: 1, step: found.step, time: 0, value: found.value, ...counts };
    const standardError = errorOf(own, noiseError(differencesOf(evals)), watched);
    return {
      baseline: {
        value: found.value,
        steps: [found.step],
        ...counts,
        ...(standardError !== undefined && { standardError }),
      },
      ...(paired && { pairedBaseline: paired }),
    };
  }

  private async evalsOf(baseline: RunEntry, metric: string): Promise<BaselineEvals['evals']> {
    const run = baseline.record.id;
    const key = JSON.stringify([run, metric]);
    const latest = baseline.latest.get(metric);
    const known = this.known.get(key);
    if (known && known.latest === latest) {
      return known.evals;
    }
    if (latest && !known) {
      for (const { name, columns } of await this.engine.tablesOf(run)) {
        this.tables.observe(run, name, columns);
      }
    }
    const position = await this.engine.position();
    const asked = latest ? [{ run, metric, count: MOST_EVALS }] : [];
    const points = (await this.engine.newestPoints(asked, position))?.get(run) ?? [];
    const evals = points
      .flatMap(({ step, ...point }) => (step !== null && Number.isFinite(point.value) ? [{ step, ...point }] : []))
      .sort((a, b) => a.step - b.step);
    this.remembered += EMPTY + evals.length - (known ? EMPTY + known.evals.length : 0);
    this.known.set(key, { latest, evals });
    if (this.remembered > MOST_REMEMBERED) {
      this.known.clear();
      this.remembered = 0;
    }
    return evals;
  }
}

const differencesOf = (evals: BaselineEvals['evals']) => {
  const newest = evals.slice(-NOISE_EVALS - 1);
  return newest.slice(1).map(({ value }, i) => value - (newest[i]?.value ?? value));
};
