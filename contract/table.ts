import { type Static, Type } from 'typebox';
import { ROLES } from './names';
import { Name, strict } from './scalars';

/**
 * Booleans among numbers are numbers. Of a column that is counted by its role (rewards, `correct`), or that holds numbers
 * mostly, what is no number is a column of its own, `<name>_text`; any other column logged with two types is `json`.
 */
export const COLUMN_TYPES = ['number', 'string', 'boolean', 'json'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** The role of a column; given by the log call, else guessed from its name (`names.ts`). */
export const Role = Type.Enum([...ROLES]);

/**
 * `row`: `run`, `step`, `time`, which every row has; `logged`; `derived`: computed once by the store; `label`: what people
 * say of the rollout (`names.ts`), in pages only where somebody labelled one.
 */
export const COLUMN_ORIGINS = ['row', 'logged', 'derived', 'label'] as const;

export const Column = Type.Object(
  {
    name: Name,
    type: Type.Enum([...COLUMN_TYPES]),
    origin: Type.Enum([...COLUMN_ORIGINS]),
    role: Type.Optional(Role),
  },
  strict,
);
export type Column = Static<typeof Column>;
