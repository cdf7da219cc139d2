import { expect } from 'vitest';
import { readRun } from '../clients/readRun';
import { callAgain } from './callAgain';
import { type Moments, sleep } from './Moments';

const POINTS = 10;
const ROWS = 4;
/** One batch in so many has rows of a megabyte, so that the log is folded in while others write. */
const LARGE_EVERY = 25;
const LARGE_CHARS = 250_000;
/** One answered batch in so many is sent again. */
const AGAIN_EVERY = 4;
/** After one batch in so many it does something else for a while, in which a store that is idle folds its log in. */
const PAUSE_EVERY = 6;
const PAUSE_MS = 500;

/** One batch: points and rows that name it, so that each can be told from every other. */
function batch(n: number) {
  const metrics = Object.fromEntries(Array.from({ length: POINTS }, (_, i) => [`m${i}`, n]));
  const text = 'long '.repeat(n % LARGE_EVERY === LARGE_EVERY - 1 ? LARGE_CHARS / 5 : 200);
  const rows = Array.from({ length: ROWS }, (_, i) => [`prompt ${n}`, `${n}.${i} ${text}`, n]);
  const tables = { rollouts: { columns: ['prompt', 'response', 'reward'], rows } };
  return { batchId: `batch-${n}`, entries: [{ step: n, metrics, tables }] };
}

/** Logs one run's batches in order; what gets no answer is sent again, and now and then what got one. */
export class Trainer {
  /** Batches that were answered, from the first on. */
  answered = 0;
  private unanswered = 0;
  private again = 0;
  private isOver = false;

  constructor(
    private readonly url: string,
    private readonly run: string,
    private readonly moments: Moments,
  ) {}

  /** Resolves when so many batches were answered. */
  async until(count: number): Promise<void> {
    while (this.answered < count) {
      await sleep(20);
    }
  }

  async work(): Promise<void> {
    await callAgain(this.url, ['PUT', `/runs/${this.run}`], { project: 'p' });
    while (!this.isOver) {
      const { unanswered } = await this.log(this.answered);
      this.answered++;
      this.unanswered += unanswered;
      // Most of all those just before the store was away.
      const last = this.answered - 1;
      const resent = [
        ...(unanswered > 0 ? [last, Math.max(0, last - 1), Math.max(0, last - 2)] : []),
        ...(this.moments.isOneIn(AGAIN_EVERY) ? [this.moments.between(0, last)] : []),
      ];
      await Promise.all(resent.map((n) => this.log(n)));
      this.again += resent.length;
      await sleep(this.moments.isOneIn(PAUSE_EVERY) ? PAUSE_MS : 0);
    }
  }

  private log(n: number) {
    return callAgain(this.url, ['POST', `/runs/${this.run}/log`], batch(n));
  }

  end(): void {
    this.isOver = true;
  }

  /** `url`: where it is read back, which may be another way to the same store. */
  async expectAllOnce(url = this.url): Promise<void> {
    const { answered, run } = this;
    const batches = Array.from({ length: answered }, (_, n) => n);
    const read = readRun(url, run);
    for (let i = 0; i < POINTS; i++) {
      expect(await read.points(`m${i}`, 'all'), `${run} m${i}`).toEqual(batches.map((n) => [n, n]));
    }
    const seen: string[] = [];
    for (let offset = 0, total = 1; offset < total; offset += 1_000) {
      const request = { runs: [run], table: 'rollouts', columns: ['response'], preview: 12, offset, limit: 1_000 };
      const { body } = await callAgain(url, ['POST', '/query/rows'], request);
      const page = body as { rows: [string][]; total: number };
      total = page.total;
      seen.push(...page.rows.map(([response]) => response.split(' ')[0] ?? ''));
    }
    expect(seen, run).toEqual(batches.flatMap((n) => Array.from({ length: ROWS }, (_, i) => `${n}.${i}`)));
    expect(this.again).toBeGreaterThan(answered / AGAIN_EVERY / 2);
  }

  describe(): string {
    return `${this.run}: ${this.answered} batches, ${this.unanswered} calls cut off, ${this.again} sent again`;
  }
}
