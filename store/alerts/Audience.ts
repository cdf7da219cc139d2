import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Remembers since when anybody looks at alerts. Runs that crashed before are history: whoever connects a Grafana to a
 * store of old runs is not told of each. It is kept in a file, since what was told before a restart of the store stands
 * after it.
 */
export class Audience {
  private known: number | undefined;

  /** `file`: where it is kept; undefined keeps it in memory. */
  constructor(private readonly file?: string) {
    this.known = file === undefined ? undefined : readTime(file);
  }

  /** Somebody looks; gives when that was for the first time, in epoch milliseconds. */
  look(now: number): number {
    if (this.known === undefined) {
      this.known = now;
      this.write(now);
    }
    return this.known;
  }

  private write(now: number): void {
    try {
      if (this.file !== undefined) {
        writeFileSync(this.file, `${now}\n`, { mode: 0o600 });
      }
    } catch {
      // A folder that takes no file, such as a full one: then it is known until the store stops.
    }
  }
}

function readTime(file: string): number | undefined {
  try {
    const time = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(time) && time > 0 ? time : undefined;
  } catch {
    return undefined;
  }
}
