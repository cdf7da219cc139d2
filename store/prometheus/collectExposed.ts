import { fitsGlob, type RunGauge } from '@rolloscope/contract';
import type { Access, Asker } from '../Access';
import type { AlertWatch } from '../alerts/AlertWatch';
import type { Audience } from '../alerts/Audience';
import type { OpenAlert } from '../alerts/OpenAlerts';
import { alertLabels, crashOf, QUIET_ALERTS } from '../exposition/alertLabels';
import { chooseExposed, type ExposePatterns, isLive } from '../exposition/chooseExposed';
import { EVAL_FLAGS, EVAL_VALUES } from '../exposition/evalGauges';
import { infoLabels, runLabels } from '../exposition/labels';
import { isMuted, RUN_VALUES } from '../exposition/runGauges';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import type { SeenRuns } from '../runs/SeenRuns';
import { StoreError } from '../StoreError';
import { Turn } from '../Turn';
import { labelText } from './textFormat';

/** A series of a run: its labels as text, and its value. */
interface ExposedLine {
  labels: string;
  value: number;
}

/** A metric of a run, of which three gauges are made. */
export interface MetricLine {
  labels: string;
  value: number;
  step: number | null;
  time: number;
}

/** Everything as of one moment, hardly longer than what it is made of: lines are written as they are sent. */
export interface Exposed {
  lines: Map<RunGauge, ExposedLine[]>;
  metrics: MetricLine[];
  /** Series that the cap left out. */
  dropped: number;
  /** Characters of labels that are held. */
  chars: number;
  /** Runs that may be seen, and those of them that are running. */
  runs: number;
  liveRuns: number;
}

/** Names times globs that one scrape may compare. */
const MOST_COMPARED = 5_000_000;
/** Characters of labels in one answer: 300 for each of 67,000 metrics. */
export const MOST_CHARS = 20_000_000;
/** Open alerts of one run that are told, each. */
const MOST_ALERTS = 50;
/** Names of metrics whose fate is remembered: runs of one trainer log the same. */
const REMEMBERED = 100_000;

export interface ExposedSources {
  runIndex: RunIndex;
  watch: AlertWatch;
  audience: Audience;
  /** Series of one answer at the most. */
  limit: number;
  now: () => number;
}

/** Collects what runs expose: what is said of them comes before their metrics, should the cap cut. */
export async function collectExposed(
  { runIndex, watch, audience, limit, now: clock }: ExposedSources,
  asker: Asker,
  { runs, metrics: globs }: ExposePatterns,
): Promise<Exposed> {
  const now = clock();
  const turn = new Turn(asker.signal);
  const seen = runIndex.seenBy(asker);
  checkWork('runs', seen.all().length, runs);
  const entries = await chooseExposed(seen, runs, now, turn);
  const cap = new Cap(limit);
  const quiet = QUIET_ALERTS.map((labels) => ({ labels: labelText(labels), value: 0 }));
  const lines = new Map<RunGauge, ExposedLine[]>([['rolloscope_alert', quiet]]);
  const watchedSince = audience.look(now);
  for (const entry of entries) {
    const ofRun = linesOf(entry, seen, runIndex, watch, now, watchedSince);
    if (
      cap.admit(
        ofRun.length,
        ofRun.map(([, { labels }]) => labels),
      )
    ) {
      for (const [name, line] of ofRun) {
        const known = lines.get(name);
        if (known) {
          known.push(line);
        } else {
          lines.set(name, [line]);
        }
      }
    }
    if (turn.isOver) {
      await turn.next();
    }
  }
  const live = entries.filter((entry) => isLive(entry, now));
  checkWork(
    'metrics',
    live.reduce((sum, { latest }) => sum + latest.size, 0),
    globs,
  );
  const metrics: MetricLine[] = [];
  const isExposed = memoized((metric) => globs.some((glob) => fitsGlob(metric, glob)));
  for (const entry of live) {
    const ofRun = labelText(runLabels(seen, entry)).slice(0, -1);
    for (const [metric, { value, step, time }] of entry.latest) {
      if (isExposed(metric)) {
        const task = watch.roles.of(metric)?.eval?.task ?? '';
        const labels = `${ofRun},${labelText({ metric, task }).slice(1)}`;
        if (cap.admit(step === null ? 2 : 3, [labels])) {
          metrics.push({ labels, value, step, time });
        }
      }
      if (turn.isOver) {
        await turn.next();
      }
    }
  }
  const { dropped, chars } = cap;
  return { lines, metrics, dropped, chars, ...(await countRuns(runIndex, asker, turn)) };
}

/** The room that is left in the answer, in series and characters. What does not fit is counted. */
class Cap {
  chars = 0;
  dropped = 0;

  constructor(private series: number) {}

  /** `labels`: texts to be held, each as often as it comes. */
  admit(series: number, labels: readonly string[]): boolean {
    const chars = [...new Set(labels)].reduce((sum, { length }) => sum + length, 0);
    if (series > this.series || this.chars + chars > MOST_CHARS) {
      this.dropped += series;
      return false;
    }
    this.series -= series;
    this.chars += chars;
    return true;
  }
}

function checkWork(what: string, names: number, globs: readonly string[]): void {
  if (names * globs.length > MOST_COMPARED) {
    const most = Math.floor(MOST_COMPARED / names);
    const message = `To look for ${globs.length} patterns among ${names} ${what} would take too long`;
    throw new StoreError('limit_exceeded', `${message}; the limit for so many is ${most}.`);
  }
}

/** Gives the lines of a run: its state, its flags and its evals. */
function linesOf(
  entry: RunEntry,
  seen: SeenRuns,
  runIndex: RunIndex,
  alerts: AlertWatch,
  now: number,
  watchedSince: number,
): Array<[RunGauge, ExposedLine]> {
  const { record } = entry;
  const watch = alerts.runs.get(record.id);
  const labels = runLabels(seen, entry);
  const state = runIndex.stateOf(entry);
  const lines: Array<[RunGauge, ExposedLine]> = [
    ...infoLabels(seen, entry).map((info): [RunGauge, ExposedLine] => [
      'rolloscope_run_info',
      { labels: labelText(info), value: 1 },
    ]),
    ['rolloscope_run_state', { labels: labelText({ ...labels, state }), value: 1 }],
  ];
  const own = labelText(labels);
  for (const [name, read] of Object.entries(RUN_VALUES)) {
    const value = read({ entry, runIndex, watch });
    if (value !== undefined) {
      lines.push([name as RunGauge, { labels: own, value }]);
    }
  }
  const alert = (one: OpenAlert) => {
    lines.push(['rolloscope_alert', { labels: labelText(alertLabels(seen, entry, one)), value: 1 }]);
  };
  const crash = crashOf(entry, runIndex);
  if (crash && crash.time >= watchedSince) {
    alert(crash);
  }
  const isSilenced = state !== 'running' || isMuted(entry);
  if (!isSilenced) {
    [...(watch?.openAlerts ?? [])].slice(0, MOST_ALERTS).forEach(alert);
  }
  for (const task of isLive(entry, now) ? (watch?.tasks.values() ?? []) : []) {
    const ofTask = labelText({ ...labels, metric: task.metric, task: task.task });
    const judgement = task.judgements.at(-1);
    for (const [name, read] of Object.entries(EVAL_VALUES)) {
      const value = judgement && read(judgement);
      if (value !== undefined) {
        lines.push([name as RunGauge, { labels: ofTask, value: isSilenced && EVAL_FLAGS.includes(name) ? 0 : value }]);
      }
    }
  }
  return lines;
}

async function countRuns(runIndex: RunIndex, access: Access, turn: Turn): Promise<{ runs: number; liveRuns: number }> {
  let runs = 0;
  let liveRuns = 0;
  for (const { record } of runIndex.all()) {
    if (access.reads(record.project)) {
      runs++;
      liveRuns += record.state === 'running' ? 1 : 0;
    }
    if (turn.isOver) {
      await turn.next();
    }
  }
  return { runs, liveRuns };
}

function memoized(test: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    const found = known.get(text) ?? test(text);
    if (known.size < REMEMBERED) {
      known.set(text, found);
    }
    return found;
  };
}
