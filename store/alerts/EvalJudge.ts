import type { RunEvent } from '@rolloscope/contract/types';
import type { Engine } from '../engine/Engine';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { Turn } from '../Turn';
import type { AlertSettings } from './AlertSettings';
import type { Arrival } from './Arrivals';
import { Baselines } from './Baselines';
import { worseBy } from './compareEval';
import { type EvalPlace, EvalTables } from './EvalTables';
import { evalCounts } from './evalCounts';
import { before, type Evidence, type Judgement, referenceFor } from './judgeEval';
import type { LoadedRun } from './loadRuns';
import type { MetricRoles } from './MetricRoles';
import type { LoggedPoint, RunWatch, TaskWatch } from './RunWatch';

/** Judges what came of a run with all that is known around it: each prompt's results, and the baseline's evals. */
export class EvalJudge {
  readonly tables: EvalTables;
  private readonly baselines: Baselines;

  constructor(
    engine: Engine,
    runIndex: RunIndex,
    private readonly roles: MetricRoles,
    private readonly settings: AlertSettings,
  ) {
    this.tables = new EvalTables(engine);
    this.baselines = new Baselines(engine, runIndex, this.tables);
  }

  /** Events of what came with one commit, which was picked from before. */
  async arrival(watch: RunWatch, entry: RunEntry, arrival: Arrival): Promise<RunEvent[]> {
    const { position, points, steps, arrivedAt } = arrival;
    const events: RunEvent[] = [];
    for (const { attempt, step, time } of steps) {
      events.push(...watch.takeStep(attempt, step, time, arrivedAt));
    }
    for (const point of points) {
      const role = this.roles.of(point.metric);
      events.push(...(role ? watch.takePoint(point, role) : []));
      events.push(...(await this.judge(watch, entry, point, position, this.tables)));
    }
    return events;
  }

  /** Events of what was read of a run. Without `tables` no prompt's results are looked for. */
  async loaded(
    { watch, evals, events: told }: LoadedRun,
    entry: RunEntry,
    tables: EvalTables | undefined,
  ): Promise<RunEvent[]> {
    const events = [...told];
    const turn = new Turn();
    for (const point of evals) {
      events.push(...(await this.judge(watch, entry, point, point.position, tables)));
      if (turn.isOver) {
        await turn.next();
      }
    }
    return events;
  }

  private async judge(
    watch: RunWatch,
    entry: RunEntry,
    { metric, attempt, step, time, value }: LoggedPoint,
    position: number,
    tables: EvalTables | undefined,
  ): Promise<RunEvent[]> {
    const role = this.roles.of(metric)?.eval;
    const task = role && step !== null ? watch.taskOf(metric, role) : undefined;
    const earlier = task && step !== null ? before(task.judgements, { attempt, step, time, value }) : undefined;
    if (!task || !earlier || step === null) {
      return [];
    }
    const place = { run: watch.run, task: task.task, step, value };
    const results = await tables?.results(place, position);
    const now = { attempt, step, time, value, ...evalCounts(entry, metric, task.task, results?.size) };
    return watch.takeEval(task, now, {
      ...(tables && (await this.pairWithReference(task, earlier, place, position))),
      ...(await this.baselines.at(entry, task, place, position)),
    });
  }

  /** Only a drop that may count is worth reading four evals. */
  private async pairWithReference(
    { watched, task }: TaskWatch,
    earlier: readonly Judgement[],
    place: EvalPlace,
    position: number,
  ): Promise<Evidence> {
    const reference = referenceFor(earlier);
    if (!reference || worseBy(place.value, reference.value, watched.better) <= this.settings.minDelta) {
      return {};
    }
    const places = earlier.flatMap(({ eval: { step, value } }) =>
      reference.steps.includes(step) ? [{ run: place.run, task, step, value }] : [],
    );
    const paired = await this.tables.paired(places, place, position);
    return paired ? { paired } : {};
  }
}
