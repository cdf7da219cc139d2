import { type Static, Type } from 'typebox';
import { LIMITS } from './limits';
import { DIRECTIONS, OPERATORS, SEARCH_MODES } from './names';
import { Json, Name, Step, strict, Time } from './scalars';

/**
 * One condition on a column. `in` takes a list; `contains` (ignoring case) and `matches` (RE2) take a string and hold
 * for strings; `isNull` takes a boolean, true when left out. A null fails every operator but `isNull` and `ne`. Among
 * run attributes and config a number equals any text of it: `0.000001`, `"1e-6"`.
 */
export const Condition = Type.Object(
  { column: Name, op: Type.Enum([...OPERATORS]), value: Type.Optional(Json) },
  strict,
);
export type Condition = Static<typeof Condition>;

/** All must hold; `{anyOf}` holds when one of its conditions does. */
export const Filter = Type.Array(
  Type.Union([
    Condition,
    Type.Object({ anyOf: Type.Array(Condition, { minItems: 1, maxItems: LIMITS.conditions }) }, strict),
  ]),
  { maxItems: LIMITS.conditions },
);
export type Filter = Static<typeof Filter>;

/** First entry first; nulls and NaN come last in either direction; ties keep the order of logging. */
export const OrderBy = Type.Array(Type.Object({ column: Name, direction: Type.Enum([...DIRECTIONS]) }, strict), {
  maxItems: 16,
});
export type OrderBy = Static<typeof OrderBy>;

const SearchText = Type.String({ minLength: 1, maxLength: LIMITS.searchChars });

/** A search of all string columns, or of `columns`. Case is ignored unless `case` is true. Regex is RE2's syntax. */
export const Search = Type.Union([
  SearchText,
  Type.Object(
    {
      text: SearchText,
      mode: Type.Enum([...SEARCH_MODES]),
      case: Type.Optional(Type.Boolean()),
      columns: Type.Optional(Type.Array(Name, { maxItems: LIMITS.columns })),
    },
    strict,
  ),
]);
export type Search = Static<typeof Search>;

/** Inclusive bounds, in steps. */
export const StepRange = Type.Object({ from: Type.Optional(Step), to: Type.Optional(Step) }, strict);
export type StepRange = Static<typeof StepRange>;
/** Inclusive bounds, in epoch milliseconds. */
export const TimeRange = Type.Object({ from: Type.Optional(Time), to: Type.Optional(Time) }, strict);
export type TimeRange = Static<typeof TimeRange>;

/**
 * Runs by name: a run's id, and of names that no run has, a group's, which stand for all its runs that are not archived
 * (`project/group` where projects have groups of one name).
 */
export const RunNames = Type.Array(Name, { minItems: 1, maxItems: LIMITS.runs });

/**
 * Runs that hold a filter over run attributes, `config.*` and `summary.*`: of those named by `ids`, or else of all, and
 * then archived ones only when asked for.
 */
export const RunWhere = Type.Object(
  {
    ids: Type.Optional(RunNames),
    where: Filter,
    orderBy: Type.Optional(OrderBy),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.runs })),
  },
  strict,
);
export const RunSelector = Type.Union([RunNames, RunWhere]);
export type RunSelector = Static<typeof RunSelector>;

/** The names in a request of things that do not exist; a 404 only when nothing asked for exists. */
export const Missing = Type.Object(
  {
    runs: Type.Optional(Type.Array(Name)),
    metrics: Type.Optional(Type.Array(Name)),
    tables: Type.Optional(Type.Array(Name)),
  },
  strict,
);
export type Missing = Static<typeof Missing>;
