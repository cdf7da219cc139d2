import type { TsdbSeries } from './OpenTsdb';

/**
 * The answer to a query, in pieces. Keys of points are seconds, unless milliseconds are asked for; of several points in
 * one second the last is given.
 */
export function* seriesText(
  series: readonly TsdbSeries[],
  arrays: boolean,
  inMilliseconds: boolean,
): Generator<string> {
  yield '[';
  for (const [s, { metric, tags, aggregateTags, dots, query }] of series.entries()) {
    const head = { metric, tags, aggregateTags, ...(query !== undefined && { query }) };
    yield `${s > 0 ? ',' : ''}${JSON.stringify(head).slice(0, -1)},"dps":${arrays ? '[' : '{'}`;
    const { time, value } = dots;
    const keyOf = (i: number) => (inMilliseconds ? (time[i] ?? 0) : Math.floor((time[i] ?? 0) / 1_000));
    let separator = '';
    for (let i = 0; i < time.length; i++) {
      const key = keyOf(i);
      if (i + 1 < time.length && keyOf(i + 1) === key) {
        continue;
      }
      yield arrays ? `${separator}[${key},${value[i]}]` : `${separator}"${key}":${value[i]}`;
      separator = ',';
    }
    yield arrays ? ']}' : '}}';
  }
  yield ']';
}
