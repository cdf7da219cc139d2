/** How far a long job is: a bar on a terminal, a line now and then elsewhere. Writes to stderr. */
export class Progress {
  /** A job that is over in a moment shows its end only. */
  #lastAt = Date.now();
  readonly #every: number;

  constructor(
    private readonly label: string,
    private readonly total: number | undefined,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {
    this.#every = stream.isTTY ? 100 : 5_000;
  }

  update(done: number, detail: string): void {
    const now = Date.now();
    if (now - this.#lastAt < this.#every) {
      return;
    }
    this.#lastAt = now;
    this.#write(done, detail);
  }

  /** The last state stays on the screen. */
  end(done: number, detail: string): void {
    this.#write(done, detail);
    if (this.stream.isTTY) {
      this.stream.write('\n');
    }
  }

  #write(done: number, detail: string): void {
    const share = this.total ? Math.min(1, done / this.total) : undefined;
    const percent = share === undefined ? '' : ` ${String(Math.floor(share * 100)).padStart(3)} %`;
    if (!this.stream.isTTY) {
      this.stream.write(`${this.label}${percent}  ${detail}\n`);
      return;
    }
    const width = 24;
    const filled = Math.round((share ?? 0) * width);
    const bar = share === undefined ? '' : ` ${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
    const text = `${this.label}${bar}${percent}  ${detail}`;
    this.stream.write(`\r\u001b[K${text.slice(0, (this.stream.columns || 80) - 1)}`);
  }
}
