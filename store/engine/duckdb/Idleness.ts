/** Tells when nobody has used something for a while, and holds back who comes while what follows from that is done. */
export class Idleness {
  private users = 0;
  private usedAt = performance.now();
  private isDone = false;
  private doing: Promise<void> | undefined;

  /** `after`: milliseconds without use. */
  constructor(private readonly after: number) {}

  async use<T>(work: () => Promise<T>): Promise<T> {
    this.users++;
    try {
      await this.doing;
      return await work();
    } finally {
      this.users--;
      this.usedAt = performance.now();
      this.isDone = false;
    }
  }

  /** Does it, once for each time that nobody was there for so long. To be called every now and then. */
  async look(work: () => Promise<void>): Promise<void> {
    if (this.users > 0 || this.isDone || performance.now() - this.usedAt < this.after) {
      return;
    }
    this.isDone = true;
    this.doing = work().finally(() => {
      this.doing = undefined;
    });
    await this.doing;
  }
}
