import { LIMITS } from '@rolloscope/contract';
import { type Static, type TSchema, Type } from 'typebox';
import type { Access } from '../Access';
import type { Reading } from '../services';
import type { Links } from './Links';

/** The most that one call may bring. A model reads all of it, so it is far below what the store itself gives. */
export const CAPS = {
  runs: 50,
  metrics: 200,
  series: 20,
  points: 200,
  rows: 20,
  groups: 50,
  events: 50,
  tables: 20,
  columns: 100,
  /** Characters of one text in a list. */
  previewChars: 2_000,
  /** Characters of one text of a rollout that is read whole. */
  rowChars: 100_000,
  /** Characters of an answer with texts, as JSON: texts are cut shorter where there are too many. */
  answerChars: 200_000,
} as const;

export interface ToolServices {
  reading: Reading;
  links: Links;
  now(): number;
}

/** One tool: what it asks, and the answer to it for somebody who may see so much. Throws `StoreError`. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  input: TSchema;
  run(input: never, access: Access, services: ToolServices): Promise<object>;
}

/** No other arguments than those that are named. */
export const strict = { additionalProperties: false };
/** An optional number of things, from 1 up to a cap. */
export const most = (maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, description: `${description} At most ${maximum}.` }));
export const RunId = Type.String({ minLength: 1, maxLength: LIMITS.nameChars, description: 'The id of a run.' });

/** Types a tool's `run` by its `input`. */
export const tool = <S extends TSchema>(one: {
  name: string;
  title: string;
  description: string;
  input: S;
  run(input: Static<S>, access: Access, services: ToolServices): Promise<object>;
}): Tool => one as Tool;
