import { type Static, Type } from 'typebox';
import { LIMITS } from './limits';
import { Run, RunState } from './run';
import { Count, Json, MetricValue, Name, Step, strict, Time } from './scalars';
import { Filter, Missing, OrderBy, RunNames, RunSelector } from './selection';
import { Column } from './table';

const Limit = Type.Integer({ minimum: 1, maximum: LIMITS.listEntries });
const Cursor = Type.String({ minLength: 1, maxLength: 1024 });
const Text = Type.String({ maxLength: LIMITS.searchChars });
const Include = Type.Array(Type.Enum(['config', 'summary']), { maxItems: 2 });

/** Query string of `GET /runs`; newest first. `limit` arrives as text, so the store parses it. */
export const RunsQuery = Type.Object(
  {
    project: Type.Optional(Name),
    q: Type.Optional(Text),
    state: Type.Optional(RunState),
    group: Type.Optional(Name),
    tag: Type.Optional(Name),
    archived: Type.Optional(Type.Enum(['true', 'false'])),
    include: Type.Optional(Type.String({ description: '`config`, `summary` or both, comma-separated' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$' })),
    cursor: Type.Optional(Cursor),
  },
  strict,
);
export type RunsQuery = Static<typeof RunsQuery>;

/** `ids` and `where` as in `RunWhere`; `q` finds runs whose id, name, group or a tag contains it. */
export const RunsRequest = Type.Object(
  {
    ids: Type.Optional(RunNames),
    where: Type.Optional(Filter),
    q: Type.Optional(Text),
    orderBy: Type.Optional(OrderBy),
    include: Type.Optional(Include),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  },
  strict,
);
export type RunsRequest = Static<typeof RunsRequest>;
export const RunsAnswer = Type.Object({ runs: Type.Array(Run), nextCursor: Type.Optional(Cursor) }, strict);
export type RunsAnswer = Static<typeof RunsAnswer>;

export const KeysRequest = Type.Object(
  { runs: Type.Optional(RunSelector), q: Type.Optional(Text), limit: Type.Optional(Limit) },
  strict,
);
export type KeysRequest = Static<typeof KeysRequest>;
/** Keys are run attributes and `config.<path>`, nested config joined by dots; `runs` counts who has one. */
export const KeysAnswer = Type.Object({ keys: Type.Array(Type.Object({ key: Name, runs: Count }, strict)) }, strict);
export type KeysAnswer = Static<typeof KeysAnswer>;

export const ValuesRequest = Type.Object(
  { key: Name, runs: Type.Optional(RunSelector), q: Type.Optional(Text), limit: Type.Optional(Limit) },
  strict,
);
export type ValuesRequest = Static<typeof ValuesRequest>;
export const ValuesAnswer = Type.Object(
  { values: Type.Array(Type.Object({ value: Json, runs: Count }, strict)) },
  strict,
);
export type ValuesAnswer = Static<typeof ValuesAnswer>;

export const MetricListRequest = Type.Object(
  { runs: RunSelector, q: Type.Optional(Text), limit: Type.Optional(Limit) },
  strict,
);
export type MetricListRequest = Static<typeof MetricListRequest>;
/** `points` counts the effective ones; `min` and `max` are over finite values. */
export const MetricInfo = Type.Object(
  {
    name: Name,
    runs: Count,
    points: Count,
    firstStep: Type.Optional(Step),
    lastStep: Type.Optional(Step),
    lastTime: Time,
    last: MetricValue,
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
  },
  strict,
);
export type MetricInfo = Static<typeof MetricInfo>;
export const MetricListAnswer = Type.Object(
  { metrics: Type.Array(MetricInfo), missing: Type.Optional(Missing), truncated: Type.Optional(Type.Boolean()) },
  strict,
);
export type MetricListAnswer = Static<typeof MetricListAnswer>;

export const TableListRequest = Type.Object({ runs: RunSelector }, strict);
export type TableListRequest = Static<typeof TableListRequest>;
export const TableInfo = Type.Object(
  {
    name: Name,
    columns: Type.Array(Column),
    rows: Count,
    firstStep: Type.Optional(Step),
    lastStep: Type.Optional(Step),
    updatedAt: Time,
  },
  strict,
);
export type TableInfo = Static<typeof TableInfo>;
export const TableListAnswer = Type.Object({ tables: Type.Array(TableInfo), missing: Type.Optional(Missing) }, strict);
export type TableListAnswer = Static<typeof TableListAnswer>;
