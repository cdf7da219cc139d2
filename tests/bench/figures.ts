import { appendFileSync, readFileSync } from 'node:fs';

/** What is measured against a goal, in the order of the table that `npm run bench` ends with. */
export const GOALS = {
  searchStep: { what: 'search in one step of a table of 1 M rows', unit: 'ms', goal: 25 },
  searchRun: { what: 'search in one run of 16 rows among 1,000', unit: 'ms', goal: 20 },
  searchRare: { what: 'search of 1 M rows, rare word', unit: 'ms', goal: 250 },
  labelsPage: { what: 'a page of 1 M rows with 10,000 labels, times one without', unit: 'x', goal: 2 },
  labelsOrder: { what: 'the same in the order of labels', unit: 'x', goal: 2 },
  labelsFilter: { what: 'the same, filtered by labels', unit: 'x', goal: 2 },
  labelsLens: { what: 'the same by the lens of labels', unit: 'x', goal: 2 },
  curvesByStep: { what: '10 runs x 20,000 points to 1,000, by step', unit: 'ms', goal: 15 },
  curvesByTime: { what: 'the same by time', unit: 'ms', goal: 25 },
  millionsByTime: { what: '10 runs x 1 M points to 1,000, by time', unit: 'ms', goal: 60 },
  panels: {
    what: 'data of 12 panels x 10 runs x 10,000 points, a refresh',
    unit: 'ms',
    goal: 1.1,
    isTimesBaseline: true,
  },
  firstCall: { what: 'first log call into a table of 1 M rows after a start', unit: 'ms', goal: 50 },
  followedCalls: { what: 'log calls into it while it is followed, p99', unit: 'ms', goal: 100 },
  startTogether: { what: '200 runs that begin within a second, first 2 s, p99', unit: 'ms', goal: 50 },
  smallBatches: { what: 'batches of 16 rows of 2 KB, 4 clients', unit: 'rows/s', goal: 8_000, isLeast: true },
  keys: { what: 'keys of all runs', unit: 'ms', goal: 20 },
  start: { what: 'start with all runs', unit: 'ms', goal: 1_000 },
  takenUp: { what: 'alerts of all runs taken up after it', unit: 's', goal: 10 },
  newRuns: { what: 'a new run, times that of the smallest store', unit: 'x', goal: 1.5 },
  memoryAtRest: { what: 'memory, 1 M rollouts loaded, idle for 15 s', unit: 'MB', goal: 700 },
  memoryOfExport: { what: 'memory, all of them exported', unit: 'MB', goal: 1_024 },
  rateOfExport: { what: 'rate of that export', unit: 'MB/s', goal: 55, isLeast: true },
} as const satisfies Record<string, Goal>;

interface Goal {
  what: string;
  unit: string;
  goal: number;
  /** More is better. */
  isLeast?: boolean;
  /** The goal is so many times what was measured beside it. */
  isTimesBaseline?: boolean;
}

/** What was measured. `spread`: the least and the most of what the value is the median of. */
export interface Figure {
  value: number;
  spread?: [least: number, most: number];
  /** The same, or what stands for it, of something else in the same run. */
  baseline?: { name: string; value: number };
}

/** The file that a run of all benchmarks collects figures in; a benchmark that is run by itself prints its own alone. */
const FILE = 'BENCH_FIGURES';

export function note(id: keyof typeof GOALS, figure: Figure): void {
  const path = process.env[FILE];
  if (path !== undefined) {
    appendFileSync(path, `${JSON.stringify({ id, ...figure })}\n`);
  }
}

export const collectedIn = (path: string) => ({ [FILE]: path });

/** The table of what was noted in a file; the last figure counts where there are several. */
export function figuresTable(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  const figures = new Map(lines.map((line) => JSON.parse(line) as Figure & { id: string }).map((one) => [one.id, one]));
  const rows = Object.entries<Goal>(GOALS).map(([id, goal]) => rowOf(goal, figures.get(id)));
  const all = [['what', 'median', 'spread', 'goal', 'met', 'beside what was measured in the same run'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const shown = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });

function rowOf({ what, unit, goal: told, isLeast, isTimesBaseline }: Goal, figure: Figure | undefined): string[] {
  const sign = isLeast ? 'at least' : 'at most';
  const asked = `${sign} ${shown(told)} ${isTimesBaseline ? 'x what is beside it' : unit}`;
  if (!figure) {
    return [what, 'not measured', '', asked, '', ''];
  }
  const { value, spread, baseline } = figure;
  const goal = isTimesBaseline ? told * (baseline?.value ?? Number.NaN) : told;
  const isMet = isLeast ? value >= goal : value <= goal;
  return [
    what,
    `${shown(value)} ${unit}`,
    spread ? `${shown(spread[0])} to ${shown(spread[1])}` : '',
    asked,
    isMet ? 'yes' : `no, ${shown(isLeast ? goal / value : value / goal)} x`,
    baseline ? `${shown(value / baseline.value)} x ${baseline.name} (${shown(baseline.value)} ${unit})` : '',
  ];
}
