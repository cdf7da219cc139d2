/** Milliseconds that something takes, the median of so many times; the first one, from a cold cache, is not counted. */
export async function median(what: () => unknown, repeats: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const begin = performance.now();
    await what();
    times.push(performance.now() - begin);
  }
  return times.slice(1).sort((a, b) => a - b)[repeats >> 1] ?? 0;
}
