import { LIMITS, rowMetricName } from '@rolloscope/contract';
import { charCount } from '@rolloscope/contract/charCount';
import type { PointsChange, StepRow } from '../engine/Engine';
import { LeftOut } from '../formats/LeftOut';
import { grouped } from '../grouped';
import { soonOrInTurns } from '../Turn';
import { figuresOf } from './figuresOf';
import type { RunDraft } from './RunDraft';
import type { Stage } from './Stage';

interface RowPoint {
  metric: string;
  attempt: number;
  step: number;
  time: number;
  value: number;
  isNothing: boolean;
}

/** Points that one commit makes of the rows of a run's table. */
export class RowPoints {
  private readonly points: RowPoint[] = [];

  /** Their time is that of the first of the rows: it stays as more of them come. */
  async add(table: string, step: number, attempt: number, rows: readonly StepRow[]): Promise<void> {
    const time = rows[0]?.time ?? 0;
    for (const { of, figures, isNothing } of await soonOrInTurns(figuresOf(rows))) {
      for (const { figure, value } of figures) {
        this.points.push({ metric: rowMetricName(table, of, figure), attempt, step, time, value, isNothing });
      }
    }
  }

  /**
   * Takes those that are kept, for which the run's metrics are remembered. A metric that the run logs by that name
   * itself stands; a kind of time that nothing took is none; and beyond the limits of metrics there are none, since
   * rows are not refused for what is made of them.
   */
  async take(stage: Stage, draft: RunDraft): Promise<PointsChange[]> {
    const own = new Set(draft.record.rowMetrics);
    const fresh = [
      ...new Set(this.points.flatMap(({ metric, isNothing }) => (own.has(metric) || isNothing ? [] : metric))),
    ];
    const wanted = fresh.filter((metric) => !draft.latestOf(metric) && charCount(metric) <= LIMITS.nameChars);
    if (wanted.length > 0) {
      const room = await stage.engine.metricRoom(wanted);
      const beyond = new LeftOut(new Set());
      const added = wanted.filter((metric, i) => stage.growth.addMetric(metric, draft.metrics + i, room, beyond));
      if (added.length > 0) {
        draft.record = { ...draft.record, rowMetrics: [...own, ...added] };
        draft.dirty = true;
      }
      for (const metric of added) {
        own.add(metric);
      }
    }
    const kept = this.points.filter(({ metric }) => own.has(metric));
    for (const { metric, ...point } of kept) {
      draft.offerLatest(metric, point);
    }
    return [...grouped(kept, ({ attempt }) => attempt)].map(([attempt, points]) => ({
      kind: 'points',
      run: draft.record.id,
      attempt,
      metrics: points.map(({ metric }) => metric),
      steps: points.map(({ step }) => step),
      times: points.map(({ time }) => time),
      values: points.map(({ value }) => value),
    }));
  }
}
