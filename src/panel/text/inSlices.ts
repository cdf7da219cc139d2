/** A person notices when a page stands still for longer, in milliseconds. */
const SLICE = 12;
/** The clock is looked at so often. */
const EVERY = 16;

/** Lets the browser draw and take keys before the next slice. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/**
 * Does `count` small steps without ever standing in the way of the page for long. Rejects as the signal says when it
 * aborts. `onProgress` gets the share that is done, 0–1.
 */
export async function inSlices(
  count: number,
  step: (i: number) => void,
  signal?: AbortSignal,
  onProgress?: (share: number) => void,
): Promise<void> {
  let began = performance.now();
  for (let i = 0; i < count; i++) {
    step(i);
    if (i % EVERY === 0 && performance.now() - began > SLICE) {
      onProgress?.(i / count);
      await pause();
      signal?.throwIfAborted();
      began = performance.now();
    }
  }
}
