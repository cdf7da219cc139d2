import { createHash } from 'node:crypto';
import type { StoreClient } from '../StoreClient';
import type { ToldOfRun } from './Summary';

/** While files of a run change that are not imported, the store is told so often that the run lives. */
const LIFE_SIGN_MS = 60_000;

/** Tells the store's runs what their readers should know of the import, and that they live. */
export class RunTold {
  /** Runs that files which were read are of, by the files' names. */
  private readonly runOfFile = new Map<string, string>();
  private sentAt = Number.NEGATIVE_INFINITY;

  /** `run` is the one that files are of which tell nothing else; `runs` are those that the store has from here. */
  constructor(
    private readonly client: StoreClient,
    private readonly run: string,
    private readonly runs: ReadonlyMap<string, number>,
  ) {}

  /** A file is of a run. */
  file(below: string, run: string): void {
    this.runOfFile.set(below, run);
  }

  /** Something of the run was sent, which is a sign of life, too. */
  sent(): void {
    this.sentAt = performance.now();
  }

  /** Tells those who read a run what the import told, each once, however often it is imported. */
  async tell(fresh: readonly ToldOfRun[]): Promise<void> {
    const byRun = new Map<string, ToldOfRun[]>();
    for (const told of fresh) {
      const run = this.runOfFile.get(told.file) ?? this.run;
      byRun.set(run, [...(byRun.get(run) ?? []), told]);
    }
    for (const [run, told] of byRun) {
      if (this.runs.has(run)) {
        await this.client.send('POST', `/runs/${encodeURIComponent(run)}/events`, { events: told.map(eventOf) });
      }
    }
  }

  async showLife(): Promise<void> {
    if (performance.now() - this.sentAt > LIFE_SIGN_MS && this.runs.has(this.run)) {
      await this.client.send('POST', `/runs/${encodeURIComponent(this.run)}/log`, { entries: [] });
      this.sent();
    }
  }
}

/** Its id tells it from all others: the same is told once. */
function eventOf({ type, title }: ToldOfRun) {
  const digest = createHash('sha256').update(title).digest('hex').slice(0, 24);
  return { id: `import ${digest}`, type, title: [...title].slice(0, 1_000).join('') };
}
