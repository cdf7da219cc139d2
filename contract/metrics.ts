import { type Static, Type } from 'typebox';
import { LIMITS } from './limits';
import { RunBrief } from './run';
import { AsOf, Count, MetricValue, Name, Step, strict, Time } from './scalars';
import { Missing, RunSelector, StepRange, TimeRange } from './selection';

/**
 * The ways in which a series is brought down to `maxPoints`. Buckets are a power of two of steps (or milliseconds) wide
 * and anchored at 0, so they never shift. `extremes`: each bucket's first, lowest, highest and last logged points, in
 * order; non-finite points are kept. `mean`, `last`: one point a bucket, at the bucket's last logged step and time.
 * `none`: every point, up to the limit.
 */
export const REDUCTIONS = ['extremes', 'mean', 'last', 'none'] as const;

export const ATTEMPTS = ['effective', 'all'] as const;

export const MetricsRequest = Type.Object(
  {
    runs: RunSelector,
    metrics: Type.Array(Name, {
      minItems: 1,
      maxItems: LIMITS.listEntries,
      description:
        'Names, globs where `*` stands for any characters, or `@evals` for the results of evals, one a task in each run, by the names that trainers give them (`contract/evals.ts`). A name that exists is never read as a glob.',
    }),
    x: Type.Optional(
      Type.Union([Type.Enum(['step', 'time']), Type.Object({ metric: Name }, strict)], {
        description: 'What the points are bucketed and ordered by. Default step; with a metric, values join by step.',
      }),
    ),
    steps: Type.Optional(StepRange),
    times: Type.Optional(TimeRange),
    maxPoints: Type.Optional(Type.Integer({ minimum: 4, maximum: LIMITS.points, description: 'Default 1,000.' })),
    reduce: Type.Optional(Type.Enum([...REDUCTIONS])),
    groupBy: Type.Optional(Type.Enum(['group'])),
    attempts: Type.Optional(Type.Enum([...ATTEMPTS])),
    since: Type.Optional(AsOf),
    asOf: Type.Optional(AsOf),
  },
  strict,
);
export type MetricsRequest = Static<typeof MetricsRequest>;

/** Columns of equal length. `step` is null for points logged without one. */
export const Series = Type.Object(
  {
    run: Name,
    metric: Name,
    group: Type.Optional(Name),
    attempt: Type.Optional(Count),
    step: Type.Array(Type.Union([Step, Type.Null()])),
    time: Type.Array(Time),
    value: Type.Array(MetricValue),
    x: Type.Optional(Type.Array(MetricValue, { description: 'With `x: {metric}`: that metric at the same step.' })),
    spread: Type.Optional(
      Type.Array(Type.Number(), { description: 'With `groupBy`: standard deviation over the members, 0 for one.' }),
    ),
    from: Type.Optional(
      Type.Number({ description: 'With `since`: the x from which this series replaces what the client has.' }),
    ),
    totalPoints: Type.Integer({ minimum: 0, description: 'Points in range before reduction.' }),
  },
  strict,
);
export type Series = Static<typeof Series>;

/** `reset`: the changes since `since` cannot be told apart; ask again without it. */
export const MetricsAnswer = Type.Object(
  {
    series: Type.Array(Series),
    runs: Type.Optional(
      Type.Array(RunBrief, {
        description:
          'The runs that were selected, with `since` too: where they are others than before, ask without it.',
      }),
    ),
    missing: Type.Optional(Missing),
    truncated: Type.Optional(Type.Boolean()),
    reset: Type.Optional(Type.Boolean()),
    asOf: AsOf,
  },
  strict,
);
export type MetricsAnswer = Static<typeof MetricsAnswer>;
