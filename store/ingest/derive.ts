import { createHash } from 'node:crypto';
import { thinkClosed } from '@rolloscope/contract';
import { charCount } from '../engine/charCount';
import type { TableColumn } from '../engine/Engine';
import { mapped, type Steps } from '../Turn';
import { repetition } from './repetition';

export const contentHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

const asText = (cell: unknown) => (typeof cell === 'string' ? cell : cell === null ? null : JSON.stringify(cell));

/** Columns to compute for a table: the texts they are computed from, by row. */
export interface DerivedColumns {
  columns: TableColumn[];
  cells: unknown[][];
  /** Per row, equal for equal prompt and response; null without a response. */
  contents: (string | null)[];
}

/** What the store adds to rows in which some column is a prompt, a response or a list of messages. */
export function* derive(
  columns: readonly TableColumn[],
  cells: readonly unknown[][],
  count: number,
): Steps<DerivedColumns> {
  const textsOf = function* (role: string): Steps<(string | null)[] | undefined> {
    const index = columns.findIndex((column) => column.role === role);
    return index < 0 ? undefined : yield* mapped(cells[index] ?? [], asText);
  };
  const messages = yield* textsOf('messages');
  const prompts = (yield* textsOf('prompt')) ?? messages;
  const responses = (yield* textsOf('response')) ?? messages;
  const derived: DerivedColumns = { columns: [], cells: [], contents: new Array(count).fill(null) };
  const add = (name: string, type: TableColumn['type'], values: unknown[]) => {
    if (!columns.some((column) => column.name === name)) {
      derived.columns.push({ name, type, origin: 'derived' });
      derived.cells.push(values);
    }
  };
  const each = <T>(texts: (string | null)[], of: (text: string) => T) =>
    mapped(texts, (text) => (text === null ? null : of(text)));
  const promptHashes = prompts && (yield* each(prompts, contentHash));
  if (promptHashes) {
    add('promptHash', 'string', promptHashes);
  }
  if (responses) {
    const responseHashes = yield* each(responses, contentHash);
    add('responseHash', 'string', responseHashes);
    add('chars', 'number', yield* each(responses, charCount));
    add('repetition', 'number', yield* each(responses, repetition));
    add('thinkClosed', 'boolean', yield* each(responses, thinkClosed));
    derived.contents = yield* mapped(responseHashes, (hash, i) =>
      hash === null ? null : `${promptHashes?.[i] ?? ''} ${hash}`,
    );
  }
  return derived;
}
