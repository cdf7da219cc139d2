import { hash } from 'node:crypto';
import { type Role, readTurns, thinkClosed } from '@rolloscope/contract';
import { charCount } from '@rolloscope/contract/charCount';
import type { TableColumn } from '../engine/TableColumn';
import { suspicionColumn } from '../evidence/suspicionColumn';
import { splitConversation, spokenText } from '../formats/conversation';
import { mapped, type Steps } from '../Turn';
import { failureColumns } from './failureColumns';
import { mismatchColumns } from './mismatchColumns';
import { policyColumns } from './policyColumns';
import { repetition } from './repetition';
import { stopColumn, wasCut } from './stopReasons';
import { turnColumns } from './turnColumns';

export const contentHash = (text: string) => hash('sha256', text).slice(0, 16);

const asText = (cell: unknown) =>
  typeof cell === 'string' ? cell : cell === null || cell === undefined ? null : JSON.stringify(cell);

/** A response that is a list of messages is as long as what they say. */
const saidText = (cell: unknown) => spokenText(cell) ?? asText(cell);

/** Columns to compute for a table: the texts they are computed from, by row. */
export interface DerivedColumns {
  columns: TableColumn[];
  cells: unknown[][];
  /** One for each row, equal for equal prompt and response; null without a response. */
  contents: (string | null)[];
}

/** Derives what the store adds to rows that have a prompt, a response or a list of messages, turns or tokens. */
export function* derive(
  columns: readonly TableColumn[],
  cells: readonly unknown[][],
  count: number,
): Steps<DerivedColumns> {
  const cellsOf = (role: Role) => cells[columns.findIndex((column) => column.role === role)];
  const [ownPrompts, ownResponses, messages] = [cellsOf('prompt'), cellsOf('response'), cellsOf('messages')];
  const isSplit = messages !== undefined && (ownPrompts === undefined || ownResponses === undefined);
  const split = isSplit ? yield* mapped(messages, splitConversation) : undefined;
  const derived: DerivedColumns = { columns: [], cells: [], contents: new Array(count).fill(null) };
  const add = (name: string, type: TableColumn['type'], values: unknown[], role?: Role) => {
    if (!columns.some((column) => column.name === name)) {
      derived.columns.push({ name, type, origin: 'derived', ...(role && { role }) });
      derived.cells.push(values);
    }
  };
  let prompts = ownPrompts && (yield* mapped(ownPrompts, asText));
  let responses = ownResponses && (yield* mapped(ownResponses, saidText));
  if (split && !prompts) {
    prompts = split.map((one) => one?.promptKey ?? null);
    add(
      'prompt',
      'string',
      split.map((one) => one?.prompt ?? null),
      'prompt',
    );
  }
  if (split && !responses) {
    responses = yield* mapped(split, (one, i) => (one ? one.response : asText(messages?.[i])));
    add('response', 'string', responses, 'response');
  }
  const stop = columns.some(({ role }) => role === 'truncated') ? -1 : stopColumn(columns);
  if (stop >= 0) {
    add('truncated', 'boolean', yield* mapped(cells[stop] ?? [], wasCut), 'truncated');
  }
  const each = <T>(texts: (string | null)[], of: (text: string) => T) =>
    mapped(texts, (text) => (text === null ? null : of(text)));
  const promptHashes = prompts && (yield* each(prompts, contentHash));
  if (promptHashes) {
    add('promptHash', 'string', promptHashes);
  }
  if (responses) {
    const responseHashes = yield* each(responses, contentHash);
    add('responseHash', 'string', responseHashes);
    const chars = yield* each(responses, charCount);
    const repeated = yield* each(responses, (text) => repetition(text));
    add('chars', 'number', chars);
    add('repetition', 'number', repeated);
    add('thinkClosed', 'boolean', yield* each(responses, thinkClosed));
    const looked = { responses, prompts, promptHashes, chars, repetition: repeated };
    const { name, type, values } = yield* suspicionColumn(looked);
    add(name, type, values);
    derived.contents = yield* mapped(responseHashes, (hash, i) =>
      hash === null ? null : `${promptHashes?.[i] ?? ''} ${hash}`,
    );
  }
  const turns = cellsOf('turns') && (yield* mapped(cellsOf('turns') ?? [], (cell) => readTurns(cell)?.turns));
  for (const { name, type, values } of [
    ...(turns ? yield* turnColumns(turns) : []),
    ...(yield* policyColumns(columns, cells, count, turns)),
    ...(yield* mismatchColumns(cellsOf('tokens'))),
    ...(yield* failureColumns(columns, cells, count, turns)),
  ]) {
    add(name, type, values);
  }
  return derived;
}
