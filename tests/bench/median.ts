export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** Of values in any order. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? 0, least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 };
}

/** Milliseconds that something takes, so many times; the first one, from a cold cache, is not counted. */
export async function timesOf(what: () => unknown, repeats: number): Promise<Spread> {
  const times: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const begin = performance.now();
    await what();
    times.push(performance.now() - begin);
  }
  return spreadOf(times.slice(1));
}

/** The median of that. */
export async function median(what: () => unknown, repeats: number): Promise<number> {
  return (await timesOf(what, repeats)).median;
}
