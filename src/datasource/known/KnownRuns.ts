import type { MetricsAnswer, MetricsRequest, Run, RunBrief, RunsAnswer } from '@rolloscope/contract/types';

/** Runs hardly ever get another name; after so many milliseconds they are asked for it again. */
const NAMED_FOR = 60_000;
const MOST_KEPT = 2_000;
/** Milliseconds for which a list of runs stands. */
const LISTED_FOR = 1_000;

interface Named {
  run: RunBrief;
  /** Epoch milliseconds. */
  at: number;
}

/** Runs by their ids, for those who show their names. */
export class KnownRuns {
  private readonly named = new Map<string, Named>();
  private readonly lists = new Map<string, { at: number; answer: RunsAnswer }>();
  private readonly points = new Map<string, { updatedAt: number; answer: MetricsAnswer }>();

  constructor(private readonly now: () => number = Date.now) {}

  keep(runs: readonly RunBrief[]): void {
    if (this.named.size + runs.length > MOST_KEPT) {
      this.named.clear();
    }
    for (const run of runs) {
      this.named.set(run.id, { run, at: this.now() });
    }
  }

  /** All of them, or undefined where one is not known, or not any more. */
  all(ids: readonly string[]): Map<string, RunBrief> | undefined {
    const found = ids.map((id) => this.named.get(id));
    const isKnown = (one: Named | undefined): one is Named => one !== undefined && this.now() - one.at < NAMED_FOR;
    return found.every(isKnown) ? new Map(found.map(({ run }) => [run.id, run])) : undefined;
  }

  /** While a dashboard opens, Grafana runs a panel's query more than once: what was listed a moment ago is not asked again. */
  async list(question: string, read: () => Promise<RunsAnswer>): Promise<RunsAnswer> {
    for (const [key, { at }] of this.lists) {
      if (this.now() - at >= LISTED_FOR) {
        this.lists.delete(key);
      }
    }
    const answer = this.lists.get(question)?.answer ?? (await read());
    if (!this.lists.has(question)) {
      this.lists.set(question, { at: this.now(), answer });
    }
    return answer;
  }

  /** Reads points of a run anew only where its `updatedAt` is another: that tells when anything of it changed. */
  async unchanged(run: Run, body: MetricsRequest, read: () => Promise<MetricsAnswer>): Promise<MetricsAnswer> {
    const key = JSON.stringify(body);
    const known = this.points.get(key);
    if (known?.updatedAt === run.updatedAt) {
      return known.answer;
    }
    const answer = await read();
    if (this.points.size >= MOST_KEPT) {
      this.points.clear();
    }
    this.points.set(key, { updatedAt: run.updatedAt, answer });
    return answer;
  }
}
