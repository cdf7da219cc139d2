import { tell, tellForNow } from './say';

/** The progress of a long job: a bar on a terminal, a line now and then elsewhere. Writes to stderr. */
export class Progress {
  /** A job that is over in a moment shows its end only. */
  #lastAt = performance.now();
  readonly #every: number;

  constructor(
    private readonly label: string,
    private readonly total: number | undefined,
  ) {
    this.#every = process.stderr.isTTY ? 100 : 5_000;
  }

  update(done: number, detail: string): void {
    const now = performance.now();
    if (now - this.#lastAt < this.#every) {
      return;
    }
    this.#lastAt = now;
    this.#write(done, detail);
  }

  /** The last state stays on the screen. */
  end(done: number, detail: string): void {
    this.#write(done, detail, true);
  }

  #write(done: number, detail: string, isLast = false): void {
    const share = this.total ? Math.min(1, done / this.total) : undefined;
    const percent = share === undefined ? '' : ` ${String(Math.floor(share * 100)).padStart(3)} %`;
    if (!process.stderr.isTTY) {
      tell(`${this.label}${percent}  ${detail}`);
      return;
    }
    const width = 24;
    const filled = Math.round((share ?? 0) * width);
    const bar = share === undefined ? '' : ` ${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
    const say = isLast ? tell : tellForNow;
    say(`${this.label}${bar}${percent}  ${detail}`);
  }
}
