import { charCount } from '@rolloscope/contract/charCount';
import { LENS_RULES, scoreRole } from '@rolloscope/contract/lenses';
import { POLICY_AGE, type Role, SUSPICIONS_COLUMN } from '@rolloscope/contract/names';
import { thinkClosed } from '@rolloscope/contract/thinkClosed';
import { cellNumber, cellTruth } from '../cellValues';
import type { TableColumn } from '../TableData';

/** Rows of a frame that a lens is to look at. */
export interface LensInput {
  columns: readonly TableColumn[];
  /** Rows that filter and search have left, in the order of the frame. */
  rows: Uint32Array;
  /** Rows of the frame: what was before is looked for among all of them. */
  total: number;
  read(column: string, row: number): unknown;
  /** Several steps that a filter names, such as a reference and now: what was before is then the one before among these. */
  steps?: readonly number[] | undefined;
}

export type Key = (row: number) => number | string | null;
type NumberKey = (row: number) => number | null;

/** What lenses look at in a row of a frame; what the store would have derived is worked out where it is not there. */
export interface Look {
  /** Runs are told apart, as the store does. */
  run: Key;
  step: NumberKey;
  reward: NumberKey;
  prompt: Key;
  /** The prompt group. */
  group: Key;
  response: Key;
  chars: NumberKey;
  /** How old the policy was, in versions. */
  age: NumberKey;
  repetition: NumberKey;
  /** How many signs there are; null where there is none. */
  signs: NumberKey;
  /** Id of the first row that was the same, where the frame says it. */
  original: Key | undefined;
  isRight: (row: number) => boolean | null;
  isCut: (row: number) => boolean;
  number: (name: string) => NumberKey;
}

export function lookAt({ columns, read }: LensInput): Look {
  const named = (role: Role) => columns.find((column) => column.role === role)?.name;
  const own = (name: string) => columns.find((column) => column.name === name)?.name;
  const number =
    (name: string | undefined): NumberKey =>
    (row) => {
      const found = name === undefined ? null : cellNumber(read(name, row));
      return found !== null && Number.isFinite(found) ? found : null;
    };
  const text =
    (name: string | undefined) =>
    (row: number): string | null => {
      const cell = name === undefined ? null : (read(name, row) ?? null);
      return cell === null || typeof cell === 'string' ? cell : JSON.stringify(cell);
    };
  const score = scoreRole(columns.map(({ role }) => role));
  const scored = score && named(score);
  const reward: NumberKey = (row) => {
    const cell = scored === undefined ? null : read(scored, row);
    const isRight = cellNumber(cell) === null ? cellTruth(cell) : null;
    return isRight === null ? number(scored)(row) : Number(isRight);
  };
  const prompt = text(own('promptHash') ?? named('prompt') ?? named('messages'));
  const response = text(named('response') ?? named('messages'));
  const [correct, truncated, groupId] = [named('correct'), named('truncated'), text(named('groupId'))];
  return {
    run: text(own('run')),
    step: number(columns.find(({ role }) => role === 'step')?.name),
    reward,
    prompt,
    group: (row) => groupId(row) ?? prompt(row),
    response,
    chars: own('chars') ? number('chars') : (row) => charsOf(response(row)),
    age: number(own(POLICY_AGE)),
    repetition: number(own('repetition')),
    signs(row) {
      const signs = text(own(SUSPICIONS_COLUMN))(row);
      return signs ? signs.split(',').length : null;
    },
    original: own('duplicateOf') === undefined ? undefined : text('duplicateOf'),
    isRight(row) {
      const value = reward(row);
      if (correct !== undefined) {
        return cellTruth(read(correct, row));
      }
      return value === null ? null : value > LENS_RULES.rightReward;
    },
    isCut(row) {
      if (truncated !== undefined && cellTruth(read(truncated, row))) {
        return true;
      }
      const answer = own('thinkClosed') ? null : response(row);
      return answer === null ? read('thinkClosed', row) === false : thinkClosed(answer) === false;
    },
    number,
  };
}

const charsOf = (text: string | null) => (text === null ? null : charCount(text));
