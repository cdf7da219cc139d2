import { type Static, Type } from 'typebox';
import { LIMITS } from './limits';
import { byName, Count, Json, LoggedValue, Name, Step, strict, Time } from './scalars';
import { Role } from './table';

/**
 * A column by name, or with the role it plays: null for none, whatever its name. Names are unique in one table; `run` is
 * the store's own.
 */
export const LoggedColumn = Type.Union([
  Name,
  Type.Object({ name: Name, role: Type.Optional(Type.Union([Role, Type.Null()])) }, strict),
]);

/** `rows[i][j]` belongs to `columns[j]`; every row is as long as `columns`. */
export const LoggedTable = Type.Object(
  {
    columns: Type.Array(LoggedColumn, { minItems: 1, maxItems: LIMITS.columns }),
    rows: Type.Array(Type.Array(Json, { maxItems: LIMITS.columns })),
  },
  strict,
);
export type LoggedTable = Static<typeof LoggedTable>;

/** Everything that was logged at one moment. Without `time` it is the time of arrival; a point may have no step. */
export const LogEntry = Type.Object(
  {
    step: Type.Optional(Step),
    time: Type.Optional(Time),
    metrics: Type.Optional(byName(LoggedValue)),
    tables: Type.Optional(byName(LoggedTable)),
  },
  strict,
);
export type LogEntry = Static<typeof LogEntry>;

/**
 * All entries are stored, or none. A `batchId` that the run has seen within the last 24 hours is accepted and not
 * stored again, so a retry is harmless. No entries at all is a heartbeat.
 */
export const LogRequest = Type.Object(
  {
    batchId: Type.Optional(Name),
    entries: Type.Array(LogEntry, { maxItems: LIMITS.entries }),
  },
  strict,
);
export type LogRequest = Static<typeof LogRequest>;
export const LogAnswer = Type.Object(
  { accepted: Type.Integer({ minimum: 0, description: 'Entries of the batch, also of one that was stored before.' }) },
  strict,
);
export type LogAnswer = Static<typeof LogAnswer>;

export const RunEvent = Type.Object(
  {
    id: Type.String(),
    run: Name,
    type: Name,
    time: Time,
    step: Type.Optional(Step),
    title: Type.String({ minLength: 1, maxLength: 1_000 }),
    text: Type.Optional(Type.String({ maxLength: 10_000 })),
    values: Type.Optional(byName(Json)),
  },
  strict,
);
export type RunEvent = Static<typeof RunEvent>;

/** An event logged by a trainer; with an `id` that the run has, it is not stored again. */
export const LoggedEvent = Type.Object(
  {
    id: Type.Optional(Name),
    type: Name,
    time: Type.Optional(Time),
    step: Type.Optional(Step),
    title: Type.String({ minLength: 1, maxLength: 1_000 }),
    text: Type.Optional(Type.String({ maxLength: 10_000 })),
    values: Type.Optional(byName(Json)),
  },
  strict,
);
export const EventsPost = Type.Object(
  { events: Type.Array(LoggedEvent, { minItems: 1, maxItems: LIMITS.events }) },
  strict,
);
export type EventsPost = Static<typeof EventsPost>;
export const EventsPosted = Type.Object({ accepted: Count }, strict);

/** `run` and `types` may be lists, comma-separated, each part percent-encoded. `from` and `to` are epoch milliseconds. */
export const EventsQuery = Type.Object(
  {
    run: Type.Optional(Type.String()),
    from: Type.Optional(Type.String({ pattern: '^[0-9]{1,16}$' })),
    to: Type.Optional(Type.String({ pattern: '^[0-9]{1,16}$' })),
    types: Type.Optional(Type.String()),
  },
  strict,
);
export type EventsQuery = Static<typeof EventsQuery>;
export const EventsAnswer = Type.Object(
  { events: Type.Array(RunEvent), truncated: Type.Optional(Type.Boolean()) },
  strict,
);
export type EventsAnswer = Static<typeof EventsAnswer>;

export const Health = Type.Object(
  {
    status: Type.Enum(['ok', 'degraded']),
    version: Type.String(),
    apiVersion: Type.Literal(1),
    storage: Type.Object(
      {
        engine: Type.String(),
        bytes: Type.Optional(Count),
        freeBytes: Type.Optional(Count),
        message: Type.Optional(Type.String({ description: 'Why the store is degraded.' })),
      },
      strict,
    ),
  },
  strict,
);
export type Health = Static<typeof Health>;
