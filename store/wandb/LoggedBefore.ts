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
  constructor(private readonly engine: Pick<Engine, 'knownPoints' | 'countRows' | 'position'>) {}

  /** Finds those of the lines, all of which have a time, whose points or else whose tables are there. */
  async among<L extends ReadLine>(run: string, lines: readonly L[]): Promise<Set<L>> {
    const points = lines.flatMap((one) =>
      metricsOf(one).map(([metric, value]) => ({ metric, time: one.line.time ?? 0, value: Number(value) })),
    );
    const known = await this.engine.knownPoints(run, points);
    const found = new Set<L>();
    let next = 0;
    for (const one of lines) {
      const from = next;
      next += metricsOf(one).length;
      let isThere = next > from ? true : await this.hasTables(run, one.line);
      for (let i = from; isThere && i < next; i++) {
        isThere = known.has(i);
      }
      if (isThere) {
        found.add(one);
      }
    }
    return found;
  }

  private async hasTables(run: string, { tables, time = 0 }: HistoryLine): Promise<boolean> {
    for (const { table } of tables) {
      const times = { from: time, to: time };
      const query = { scopes: [{ run }], table, latest: false, times, position: await this.engine.position() };
      if ((await this.engine.countRows(query)) > 0) {
        return true;
      }
    }
    return false;
  }
}

const metricsOf = ({ entries }: ReadLine) => entries.flatMap(({ metrics }) => Object.entries(metrics ?? {}));
