import type { MetricsAnswer, Series } from './types';

const seriesKey = ({ run, metric, group, attempt }: Series) => JSON.stringify([run, metric, group, attempt]);

/** Joins known points with those that came after: each series is replaced from the x on that the store says. */
export function mergeSince(known: MetricsAnswer, fresh: MetricsAnswer, x: 'step' | 'time'): MetricsAnswer {
  const byKey = new Map(fresh.series.map((one) => [seriesKey(one), one]));
  const series = known.series.map((one) => {
    const key = seriesKey(one);
    const next = byKey.get(key);
    byKey.delete(key);
    return next ? replaceFrom(one, next, x) : one;
  });
  // A series that is new comes last, so that the others keep their places.
  return { ...known, series: [...series, ...byKey.values()], asOf: fresh.asOf };
}

function replaceFrom(known: Series, { from, ...fresh }: Series, x: 'step' | 'time'): Series {
  if (from === undefined) {
    return fresh;
  }
  let end = known[x].length;
  while (end > 0 && (known[x][end - 1] ?? from) >= from) {
    end--;
  }
  const join = <T>(before: readonly T[], after: readonly T[]) => before.slice(0, end).concat(after);
  return {
    ...fresh,
    step: join(known.step, fresh.step),
    time: join(known.time, fresh.time),
    value: join(known.value, fresh.value),
    ...(known.spread && fresh.spread && { spread: join(known.spread, fresh.spread) }),
  };
}
