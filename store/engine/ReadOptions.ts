/** For whom something is read, and how long they wait. All of it is left out where the store reads for itself. */
export interface ReadOptions {
  /** Aborted when nobody waits for the answer any more: the read ends then, with that reason. */
  signal?: AbortSignal | undefined;
  /** Who asks: a token, or an address. Those who ask for much wait for themselves. */
  caller?: string | undefined;
  /** Milliseconds that reads may take, all together; each by itself where it is left out. */
  time?: { left: number } | undefined;
  /** Told the share that is done, 0–1, of what takes long. */
  onProgress?: ((share: number) => void) | undefined;
}
