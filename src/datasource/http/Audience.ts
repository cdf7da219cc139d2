/** Those who wait for one answer: it is given up when the last of them has gone. */
export class Audience {
  private readonly abort = new AbortController();
  private waiting = 0;
  readonly signal = this.abort.signal;

  /** One who has no signal never goes. */
  join(signal?: AbortSignal): void {
    if (signal?.aborted) {
      return;
    }
    this.waiting++;
    signal?.addEventListener('abort', () => --this.waiting === 0 && this.abort.abort(), { once: true });
  }
}
