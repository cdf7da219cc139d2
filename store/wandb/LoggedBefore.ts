import type { LogEntry } from '@rolloscope/contract/types';
import type { Engine } from '../engine/Engine';
import type { HistoryLine } from './readHistoryLine';

/** A history line, and what it logs. */
interface ReadLine {
  line: HistoryLine;
  entries: readonly LogEntry[];
}

/** Tells history lines that a run has already, by their moment: whoever resumes a run counts its steps and lines anew. */
export class LoggedBefore {
  constructor(private readonly engine: Engine) {}

  /** Those of the lines, all of which have a time, whose points or else whose tables are there. */
  async among<L extends ReadLine>(run: string, lines: readonly L[]): Promise<Set<L>> {
    const times = lines.map(({ line }) => line.time ?? 0);
    const range = { from: least(times), to: most(times) };
    const points = await this.points(run, [...new Set(lines.flatMap(metricsOf).map(([name]) => name))], range);
    const found = new Set<L>();
    for (const one of lines) {
      const metrics = metricsOf(one);
      const isThere =
        metrics.length > 0
          ? metrics.every(([name, value]) => points.has(pointKey(name, one.line.time ?? 0, Number(value))))
          : await this.hasTables(run, one.line);
      if (isThere) {
        found.add(one);
      }
    }
    return found;
  }

  private async points(run: string, metrics: string[], times: { from: number; to: number }): Promise<Set<string>> {
    const { series } = await this.engine.series({
      scopes: [{ run }],
      metrics,
      x: 'time',
      times,
      maxPoints: Number.MAX_SAFE_INTEGER,
      reduce: 'none',
      everyAttempt: true,
      position: this.engine.position,
    });
    return new Set(
      series.flatMap(({ metric, time, value }) => time.map((at, i) => pointKey(metric, at, value[i] ?? 0))),
    );
  }

  private async hasTables(run: string, { tables, time = 0 }: HistoryLine): Promise<boolean> {
    for (const { table } of tables) {
      const times = { from: time, to: time };
      const query = { scopes: [{ run }], table, latest: false, times, position: this.engine.position };
      if ((await this.engine.countRows(query)) > 0) {
        return true;
      }
    }
    return false;
  }
}

const metricsOf = ({ entries }: ReadLine) => entries.flatMap(({ metrics }) => Object.entries(metrics ?? {}));
const pointKey = (metric: string, time: number, value: number) => `${time} ${value} ${metric}`;
const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
