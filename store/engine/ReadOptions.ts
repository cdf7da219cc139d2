/** The options of a read: for whom it is, and how long they wait. The store's own reads have none of them. */
export interface ReadOptions {
  /** Aborted when nobody waits for the answer any more: the read ends then, with that reason. */
  signal?: AbortSignal | undefined;
  /** The caller: a token, or an address. Those who ask for much wait for themselves. */
  caller?: string | undefined;
  /** Milliseconds that reads may take, all together; each by itself where it is left out. */
  time?: { left: number } | undefined;
  /** Told the share that is done, 0–1, of what takes long. */
  onProgress?: ((share: number) => void) | undefined;
}
