import { fitsGlob, taskOfEval, WHOLE_TASK } from '@rolloscope/contract';
import type { AlertSettings, WatchedMetric } from './AlertSettings';

/** Alerts of a metric that stays too high. */
export type LevelKind = 'zero_spread' | 'truncated' | 'stale';

/** The role that a metric has for the alerts. */
export interface MetricRole {
  /** An eval to judge: of which task, and how early its pattern stands in the list. */
  eval?: { task: string; rank: number; watched: WatchedMetric };
  /** Its values must be finite. */
  finite: boolean;
  /** Its mean over the newest steps must not be high. */
  level?: LevelKind;
}

const LEVELS: readonly LevelKind[] = ['zero_spread', 'truncated', 'stale'];
const GLOBS = { zero_spread: 'zeroSpread', truncated: 'truncated', stale: 'stale' } as const;

/** Names remembered at the most; beyond that the memory begins anew. */
const REMEMBERED = 100_000;

/** Finds the role of a metric by its name, once a name: points come by the million. */
export class MetricRoles {
  private readonly known = new Map<string, MetricRole | undefined>();

  constructor(private readonly settings: AlertSettings) {}

  of(metric: string): MetricRole | undefined {
    if (this.known.has(metric)) {
      return this.known.get(metric);
    }
    const role = this.find(metric);
    if (this.known.size >= REMEMBERED) {
      this.known.clear();
    }
    this.known.set(metric, role);
    return role;
  }

  private find(metric: string): MetricRole | undefined {
    const { settings } = this;
    const fits = (globs: readonly string[]) => globs.some((glob) => fitsGlob(metric, glob));
    const tasks = settings.watch.map((one) => taskOfEval(metric, one.metric));
    const rank = tasks.findIndex((task) => task !== undefined);
    const watched = settings.watch[rank];
    const task = tasks[rank] || WHOLE_TASK;
    const level = LEVELS.find((kind) => fits(settings[GLOBS[kind]]));
    const finite = watched !== undefined || fits(settings.finite);
    return finite || level
      ? { finite, ...(watched && { eval: { task, rank, watched } }), ...(level && { level }) }
      : undefined;
  }
}
