import { charCount } from '@rolloscope/contract/charCount';
import { LENS_RULES, type RowValue, scoreRole } from '@rolloscope/contract/lenses';
import { POLICY_AGE, SUSPICIONS_COLUMN } from '@rolloscope/contract/names';
import { thinkClosed } from '@rolloscope/contract/thinkClosed';
import { cellNumber, cellReward, cellTruth } from '../cellValues';
import type { FrameCells, TableColumn } from '../TableData';

/** Rows of a frame that a lens is to look at. */
export interface LensInput extends FrameCells {
  /** Rows that filter and search have left, in the order of the frame; all are told from each other. */
  rows: Uint32Array;
  /** Several steps that a filter names, such as a reference and now: what was before is then the one before among these. */
  steps?: readonly number[] | undefined;
}

export type Key = (row: number) => number | string | null;

/**
 * The values of a row that lenses go by, and its run, as functions of the row of a frame. Whatever the store would have
 * derived is worked out where it is not there.
 */
export type Look = Record<RowValue | 'run', Key>;

export function lookAt(input: LensInput): Look {
  const { columns, read } = input;
  const named = (role: TableColumn['role']) => columns.find((column) => column.role === role)?.name;
  const own = (name: string) => columns.find((column) => column.name === name)?.name;
  const cell = (name: string | undefined, row: number) => (name === undefined ? null : (read(name, row) ?? null));
  const finite = (value: number | null | undefined) => (Number.isFinite(value) ? (value as number) : null);
  const number = (name: string | undefined) => (row: number) => finite(cellNumber(cell(name, row)));
  const text = (name: string | undefined) => (row: number) => {
    const found = cell(name, row);
    return found === null || typeof found === 'string' ? found : JSON.stringify(found);
  };
  const scoring = scoreRole(columns.map(({ role }) => role));
  const scored = scoring && named(scoring);
  const score = (row: number) => finite(cellReward(cell(scored, row)));
  const prompt = text(own('promptHash') ?? named('prompt') ?? named('messages'));
  const response = text(named('response') ?? named('messages'));
  const [correct, truncated, groupId] = [named('correct'), named('truncated'), text(named('groupId'))];
  const run = text(own('run'));
  const closes = (row: number) => {
    const answer = own('thinkClosed') ? null : response(row);
    return answer === null ? cellTruth(cell('thinkClosed', row)) : thinkClosed(answer);
  };
  const signs = text(own(SUSPICIONS_COLUMN));
  return {
    run,
    step: number(named('step')),
    score,
    groupKey: (row) => groupId(row) ?? prompt(row),
    promptKey: prompt,
    isRight(row) {
      const value = score(row);
      const isRight =
        correct === undefined
          ? value === null
            ? null
            : value > LENS_RULES.rightReward
          : cellTruth(cell(correct, row));
      return isRight === null ? null : Number(isRight);
    },
    isCut: (row) => Number(cellTruth(cell(truncated, row)) === true || closes(row) === false),
    chars: own('chars') ? number('chars') : (row) => charsOf(response(row)),
    age: number(own(POLICY_AGE)),
    repetition: number(own('repetition')),
    signs: (row) => signs(row)?.split(',').filter(Boolean).length ?? null,
    original: own('duplicateOf') ? text('duplicateOf') : firstSame(input, [run, prompt, response]),
    apart: distance(
      input.rows,
      columns.filter(({ role }) => role === 'rewardPart').map(({ name }) => number(name)),
    ),
    labelTime: number(own('labelTime')),
    verdicts: number(own('labelVerdicts')),
  };
}

const charsOf = (text: string | null) => (text === null ? null : charCount(text));

/** Puts off what is worked out of all rows until a row is first asked for. */
function later(work: () => Key): Key {
  let key: Key | undefined;
  return (row) => {
    key ??= work();
    return key(row);
  };
}

/** Says how far a row's values are apart, 0–1, each on a scale from its lowest to its highest in all; null for none. */
const distance = (rows: Uint32Array, values: readonly Key[]) =>
  later(() => {
    const scales = values.flatMap((value) => {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const row of rows) {
        const one = value(row);
        [low, high] = one === null ? [low, high] : [Math.min(low, Number(one)), Math.max(high, Number(one))];
      }
      return high > low ? [{ value, low, range: high - low }] : [];
    });
    return (row) => {
      const scaled = scales.flatMap(({ value, low, range }) => {
        const one = value(row);
        return one === null ? [] : [(Number(one) - low) / range];
      });
      return scaled.length === 0 ? null : Math.max(...scaled) - Math.min(...scaled);
    };
  });

/** The first row of the frame in which all is the same, where a row is not the first and has the last of them. */
const firstSame = ({ total }: LensInput, same: readonly Key[]) =>
  later(() => {
    const first = new Map<string, number>();
    const originals = new Map<number, number>();
    for (let row = 0; row < total; row++) {
      if (same.at(-1)?.(row) !== null) {
        const key = JSON.stringify(same.map((one) => one(row)));
        const known = first.get(key);
        if (known === undefined) {
          first.set(key, row);
        } else {
          originals.set(row, known);
        }
      }
    }
    return (row) => originals.get(row) ?? null;
  });
