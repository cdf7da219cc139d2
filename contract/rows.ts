import { type Static, Type } from 'typebox';
import { LIMITS } from './limits';
import { EXPORT_FORMATS, GROUP_ORDERS, LENSES, SUSPICIONS } from './names';
import { AsOf, byName, Count, Json, Name, Step, strict, Time } from './scalars';
import { Filter, Missing, OrderBy, RunSelector, Search, StepRange, TimeRange } from './selection';
import { Column, Role } from './table';

export const VERSIONS = ['all', 'latest'] as const;

/** The fields that select rows: shared by pages, distributions, groups and exports, so that they can agree. */
const rowSelection = {
  runs: RunSelector,
  table: Name,
  version: Type.Optional(
    Type.Enum([...VERSIONS], { description: 'Default all. A version is what one run logged under one entry step.' }),
  ),
  steps: Type.Optional(StepRange),
  times: Type.Optional(TimeRange),
  filter: Type.Optional(Filter),
  search: Type.Optional(Search),
  lens: Type.Optional(
    Type.Enum([...LENSES], { description: 'What is worth reading of what the rest selects; gives an order, too.' }),
  ),
  roles: Type.Optional(
    byName(Type.Union([Role, Type.Null()]), {
      description:
        'Roles of columns, where they are not as logged or guessed; null for none. Lenses and groups go by them.',
    }),
  ),
  asOf: Type.Optional(AsOf),
};
export const RowSelection = Type.Object(rowSelection, strict);
export type RowSelection = Static<typeof RowSelection>;

const Columns = Type.Array(Name, { minItems: 1, maxItems: LIMITS.columns });

export const RowsRequest = Type.Object(
  {
    ...rowSelection,
    orderBy: Type.Optional(OrderBy),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 0, maximum: LIMITS.pageRows, description: 'Default 100.' })),
    columns: Type.Optional(Columns),
    preview: Type.Optional(
      Type.Integer({ minimum: 1, maximum: LIMITS.cellBytes, description: 'Cut strings after so many characters.' }),
    ),
    groupSpread: Type.Optional(Type.Boolean({ description: 'Tell how far the rewards of each row’s group spread.' })),
    since: Type.Optional(AsOf),
  },
  strict,
);
export type RowsRequest = Static<typeof RowsRequest>;

/**
 * A page. Columns come as `run`, `step`, `time`, the logged ones in the order of logging, then the derived ones,
 * unless `columns` says which; those in `apart` are left out then. `rows[i][j]` is the cell of `columns[j]`; absent is null; a non-finite number is a
 * string. `cut` lists `[row, column, full length in characters]` of cells that `preview` cut short.
 */
export const RowsAnswer = Type.Object(
  {
    columns: Type.Array(Column),
    apart: Type.Optional(
      Type.Array(Column, {
        description:
          'Columns that the table has, too: per-token data and turns, which a page has only where `columns` names them, and the whole row always.',
      }),
    ),
    rows: Type.Array(Type.Array(Json)),
    rowIds: Type.Array(Type.String()),
    cut: Type.Array(Type.Tuple([Count, Count, Count])),
    total: Type.Integer({ minimum: 0, description: 'Rows that match, over all pages.' }),
    groupSpread: Type.Optional(
      Type.Array(Type.Union([Type.Number(), Type.Null()]), {
        description:
          'One a row: standard deviation of the rewards of its group (one prompt, one step of one run), over all that was logged; null where there is no other rollout, or no reward.',
      }),
    ),
    missing: Type.Optional(Missing),
    reset: Type.Optional(Type.Boolean()),
    asOf: AsOf,
  },
  strict,
);
export type RowsAnswer = Static<typeof RowsAnswer>;

/** One whole row, uncut, with per-token and per-turn data where they were logged. */
/** Query string of a page of rows. */
export const RowsQuery = Type.Object(
  {
    /** An id of the client's choice, to ask how far the answer is (`/progress/{id}`). */
    progress: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })),
  },
  strict,
);
export type RowsQuery = Static<typeof RowsQuery>;
export const ProgressAnswer = Type.Object(
  {
    /** Null where it is not known: the answer has been sent, nothing with that id is under way, or it takes no time. */
    share: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]),
  },
  strict,
);
export type ProgressAnswer = Static<typeof ProgressAnswer>;
/** A sign that a response is after the reward and not the task: a reason to read it, no proof. */
export const SignOfRow = Type.Object(
  {
    sign: Type.Enum([...SUSPICIONS]),
    says: Type.String({ description: 'In words what was seen, and no more than that.' }),
    start: Type.Integer({ minimum: 0, description: 'Where it begins in the response, in UTF-16 units.' }),
    end: Type.Integer({ minimum: 0, description: 'Where it ends.' }),
    text: Type.String({ description: 'The first characters of what is there.' }),
  },
  strict,
);
export const Evidence = Type.Object(
  {
    rules: Type.Integer({
      description: 'The version of the rules by which these were told, now and not at the commit.',
    }),
    signs: Type.Array(SignOfRow),
  },
  strict,
);
export type Evidence = Static<typeof Evidence>;
export const RowAnswer = Type.Object(
  {
    rowId: Type.String(),
    run: Name,
    table: Name,
    step: Type.Union([Step, Type.Null()]),
    time: Time,
    cells: byName(Json),
    evidence: Type.Optional(Evidence),
  },
  strict,
);
export type RowAnswer = Static<typeof RowAnswer>;

const Bins = Type.Integer({ minimum: 1, maximum: LIMITS.bins });

export const DistributionRequest = Type.Object(
  {
    ...rowSelection,
    column: Name,
    by: Type.Optional(
      Type.Union([Name], { description: 'Default `step`: one histogram a step. Another number column: a grid.' }),
    ),
    bins: Type.Optional(Bins),
    byBins: Type.Optional(Bins),
  },
  strict,
);
export type DistributionRequest = Static<typeof DistributionRequest>;

const FailedCount = Type.Integer({
  minimum: 0,
  description: 'Rollouts of these that are known to have failed (`failed`); left out where no column tells.',
});

/** Numbers of one step, or of a bucket of steps (`from`–`to`, inclusive). Statistics are over finite values. */
export const StepHistogram = Type.Object(
  {
    from: Step,
    to: Step,
    counts: Type.Array(Count, { description: 'One a bin; the last bin holds its upper edge too.' }),
    n: Count,
    nulls: Count,
    failed: Type.Optional(FailedCount),
    mean: Type.Optional(Type.Number()),
    sd: Type.Optional(Type.Number()),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    quantiles: Type.Optional(
      Type.Array(Type.Number(), { minItems: 5, maxItems: 5, description: 'At 0.05, 0.25, 0.5, 0.75 and 0.95.' }),
    ),
  },
  strict,
);
export type StepHistogram = Static<typeof StepHistogram>;

/** `edges` has one entry more than there are bins. Exactly one of `steps` and `grid` is there. */
export const DistributionAnswer = Type.Object(
  {
    edges: Type.Array(Type.Number()),
    steps: Type.Optional(Type.Array(StepHistogram)),
    grid: Type.Optional(
      Type.Object(
        {
          edges: Type.Array(Type.Number(), { description: 'Of the column `by`.' }),
          counts: Type.Array(Type.Array(Count), { description: '`counts[i][j]`: bin i of `column`, bin j of `by`.' }),
        },
        strict,
      ),
    ),
    total: Count,
    missing: Type.Optional(Missing),
    asOf: AsOf,
  },
  strict,
);
export type DistributionAnswer = Static<typeof DistributionAnswer>;

export const GroupsRequest = Type.Object(
  {
    ...rowSelection,
    compareTo: Type.Optional(Type.Object({ run: Type.Optional(Name), step: Type.Optional(Step) }, strict)),
    orderBy: Type.Optional(
      Type.Object({ by: Type.Enum([...GROUP_ORDERS]), direction: Type.Enum(['asc', 'desc']) }, strict),
    ),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.pageRows })),
  },
  strict,
);
export type GroupsRequest = Static<typeof GroupsRequest>;

/** All selected rollouts of one prompt; numbers are of the column in the role `reward`, else `correct`. */
export const PromptGroup = Type.Object(
  {
    key: Type.String({ description: 'The logged group id, else the prompt hash.' }),
    prompt: Type.Union([Type.String(), Type.Null()], {
      description: 'At most 200 characters: where all on the page begin alike, those after what they share.',
    }),
    firstStep: Type.Union([Step, Type.Null()]),
    lastStep: Type.Union([Step, Type.Null()]),
    n: Count,
    failed: Type.Optional(FailedCount),
    mean: Type.Union([Type.Number(), Type.Null()]),
    sd: Type.Union([Type.Number(), Type.Null()]),
    min: Type.Union([Type.Number(), Type.Null()]),
    max: Type.Union([Type.Number(), Type.Null()]),
    best: Type.Union([Type.String(), Type.Null()]),
    worst: Type.Union([Type.String(), Type.Null()]),
    change: Type.Optional(
      Type.Union([Type.Number(), Type.Null()], {
        description: 'Mean minus the mean of the same prompt (by its hash) in `compareTo`; null where it has none.',
      }),
    ),
  },
  strict,
);
export type PromptGroup = Static<typeof PromptGroup>;
export const GroupsAnswer = Type.Object(
  { groups: Type.Array(PromptGroup), total: Count, missing: Type.Optional(Missing), asOf: AsOf },
  strict,
);
export type GroupsAnswer = Static<typeof GroupsAnswer>;

export const FacetsRequest = Type.Object(
  {
    ...rowSelection,
    columns: Type.Optional(Type.Array(Name, { maxItems: LIMITS.facetColumns })),
    values: Type.Optional(
      Type.Integer({ minimum: 0, maximum: LIMITS.listEntries, description: 'Values told of each column; default 50.' }),
    ),
    q: Type.Optional(
      Type.String({ maxLength: LIMITS.searchChars, description: 'Only values that contain this text.' }),
    ),
    lenses: Type.Optional(Type.Boolean({ description: 'Count the rows of every lens.' })),
  },
  strict,
);
export type FacetsRequest = Static<typeof FacetsRequest>;

/** Counts of the values that a column of the selected rows holds. `min` and `max` are of finite numbers. */
export const ColumnFacet = Type.Object(
  {
    name: Name,
    nulls: Count,
    distinct: Type.Integer({ minimum: 0, description: 'Different values, nulls aside.' }),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    values: Type.Array(Type.Object({ value: Json, rows: Count }, strict), {
      description: 'The most frequent first. Texts of more than 256 characters are left out.',
    }),
  },
  strict,
);
export type ColumnFacet = Static<typeof ColumnFacet>;

/** The number of rows that a lens leaves; or what it would need, where the table does not have that. */
export const LensCount = Type.Object(
  { lens: Type.Enum([...LENSES]), rows: Type.Optional(Count), needs: Type.Optional(Type.String()) },
  strict,
);
export type LensCount = Static<typeof LensCount>;

/** The values and lenses that a selection of rows can be narrowed by. Counts of lenses are of the selection without its own lens. */
export const FacetsAnswer = Type.Object(
  {
    columns: Type.Array(ColumnFacet),
    lenses: Type.Optional(Type.Array(LensCount)),
    total: Count,
    missing: Type.Optional(Missing),
    asOf: AsOf,
  },
  strict,
);
export type FacetsAnswer = Static<typeof FacetsAnswer>;

export const ExportRequest = Type.Object(
  {
    ...rowSelection,
    orderBy: Type.Optional(OrderBy),
    columns: Type.Optional(Columns),
    format: Type.Enum([...EXPORT_FORMATS]),
  },
  strict,
);
export type ExportRequest = Static<typeof ExportRequest>;
/** `path` is relative to the base path; `GET` on it, with the same token, streams the rows as an attachment. */
export const ExportAnswer = Type.Object({ path: Type.String(), rows: Count, expiresAt: Time }, strict);
export type ExportAnswer = Static<typeof ExportAnswer>;
