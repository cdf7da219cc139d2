import { LENS_RULES } from '@rolloscope/contract/lenses';
import type { LabelColumn, Lens } from '@rolloscope/contract/names';
import { deviationOf } from './groupSpreads';
import { type Key, type LensInput, type Look, lookAt } from './lensLook';

/** Rows of a lens, in its order: as the store's lenses (`contract/lenses.ts`), over the rows of a frame. */
export function lensRows(lens: Lens, input: LensInput): Uint32Array {
  const look = lookAt(input);
  switch (lens) {
    case 'newest':
      return order(input.rows, [desc(look.step), asc(look.group), asc(look.reward)]);
    case 'worst':
      return outermost(input.rows, look.reward, 1, look.step);
    case 'best':
      return outermost(input.rows, look.reward, -1, look.step);
    case 'longest':
      return outermost(input.rows, look.chars, -1, look.step);
    case 'stalest':
      return outermost(input.rows, look.age, -1, look.step).filter((row) => (look.age(row) ?? 0) > 0);
    case 'spread':
      return spread(input.rows, look);
    case 'newlyWrong':
    case 'newlyRight':
      return changed(input, look, lens === 'newlyWrong');
    case 'baselineWrong':
    case 'baselineRight':
      return new Uint32Array();
    case 'disagree':
      return disagree(input, look);
    case 'truncated':
      return order(input.rows.filter(look.isCut), [desc(look.chars)]);
    case 'repetitive':
      return order(
        input.rows.filter((row) => (look.repetition(row) ?? 0) >= LENS_RULES.repetition),
        [desc(look.repetition)],
      );
    case 'labelled':
      return labelled(input.rows, look, 'labelTime', 0);
    case 'disputed':
      return labelled(input.rows, look, 'labelVerdicts', 1);
    case 'suspicious':
      return order(
        input.rows.filter((row) => look.signs(row) !== null),
        [desc(look.signs), desc(look.reward)],
      );
    case 'duplicates':
      return duplicates(input, look);
  }
}

type Compare = (a: number, b: number) => number;

/** Nulls last in either direction, ties as they came. */
function byKey(key: Key, sign: 1 | -1): Compare {
  return (a, b) => {
    const [one, other] = [key(a), key(b)];
    if (one === null || other === null) {
      return Number(one === null) - Number(other === null);
    }
    return one < other ? -sign : one > other ? sign : 0;
  };
}
const asc = (key: Key) => byKey(key, 1);
const desc = (key: Key) => byKey(key, -1);

function order(rows: Uint32Array, by: readonly Compare[]): Uint32Array {
  return rows.slice().sort((a, b) => {
    for (const compare of by) {
      const found = compare(a, b);
      if (found !== 0) {
        return found;
      }
    }
    return a - b;
  });
}

/** The value up to which the outermost share of some values goes; undefined where there are none. */
function boundOf(values: Iterable<number>): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * LENS_RULES.end) - 1)];
}

function outermost(rows: Uint32Array, key: Look['chars'], sign: 1 | -1, step: Key): Uint32Array {
  const depth = (row: number) => {
    const value = key(row);
    return value === null ? null : sign * value;
  };
  const values = Array.from(rows, depth).filter((value) => value !== null);
  const bound = boundOf(values);
  const isOut = (row: number) => {
    const value = depth(row);
    return value !== null && bound !== undefined && value <= bound;
  };
  return order(rows.filter(isOut), [asc(depth), desc(step)]);
}

function spread(rows: Uint32Array, look: Look): Uint32Array {
  const groups = new Map<string, { first: number; rewards: number[]; sd: number }>();
  const keyOf = (row: number) => {
    const group = look.group(row);
    return group === null ? null : JSON.stringify([look.run(row), look.step(row), group]);
  };
  for (const row of rows) {
    const key = keyOf(row);
    const reward = look.reward(row);
    if (key !== null && reward !== null) {
      const group = groups.get(key) ?? { first: row, rewards: [], sd: 0 };
      group.rewards.push(reward);
      groups.set(key, group);
    }
  }
  for (const group of groups.values()) {
    group.sd = deviationOf(group.rewards) ?? 0;
  }
  const bound = boundOf([...groups.values()].filter(({ sd }) => sd > 0).map(({ sd }) => -sd));
  const groupOf = (row: number) => groups.get(keyOf(row) ?? '');
  // A hair below the bound: the same rewards in another order give a sum that differs in its last digits.
  const found = rows.filter((row) => {
    const sd = groupOf(row)?.sd ?? 0;
    return bound !== undefined && sd > 0 && -sd <= bound * (1 - 1e-9);
  });
  return order(found, [desc((row) => groupOf(row)?.sd ?? 0), asc((row) => groupOf(row)?.first ?? 0), asc(look.reward)]);
}

function changed({ rows, total, steps: chosen }: LensInput, look: Look, toWrong: boolean): Uint32Array {
  const keyOf = (row: number) => JSON.stringify([look.run(row), look.prompt(row)]);
  /** By prompt of a run: by step, how many of its rollouts are right. */
  const shares = new Map<string, Map<number, { right: number; all: number }>>();
  for (let row = 0; row < total; row++) {
    const [prompt, step, isRight] = [look.prompt(row), look.step(row), look.isRight(row)];
    if (prompt !== null && step !== null && isRight !== null && (chosen?.includes(step) ?? true)) {
      const steps = shares.get(keyOf(row)) ?? new Map<number, { right: number; all: number }>();
      shares.set(keyOf(row), steps);
      const { right, all } = steps.get(step) ?? { right: 0, all: 0 };
      steps.set(step, { right: right + Number(isRight), all: all + 1 });
    }
  }
  const isMostlyRight = ({ right, all }: { right: number; all: number }) => right / all > 0.5;
  const changes = new Set<string>();
  for (const [key, steps] of shares) {
    const inOrder = [...steps].sort(([a], [b]) => a - b);
    inOrder.forEach(([step, share], i) => {
      const before = inOrder[i - 1]?.[1];
      if (before && isMostlyRight(before) === toWrong && isMostlyRight(share) !== toWrong) {
        changes.add(`${step} ${key}`);
      }
    });
  }
  const found = rows.filter((row) => look.isRight(row) === !toWrong && changes.has(`${look.step(row)} ${keyOf(row)}`));
  return order(found, [desc(look.step), asc(look.prompt), asc(look.reward)]);
}

function disagree({ rows, columns }: LensInput, look: Look): Uint32Array {
  const parts = columns
    .filter(({ role }) => role === 'rewardPart')
    .map(({ name }) => {
      const value = look.number(name);
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const row of rows) {
        const one = value(row);
        [low, high] = one === null ? [low, high] : [Math.min(low, one), Math.max(high, one)];
      }
      return { value, low, range: high - low };
    })
    .filter(({ range }) => range > 0);
  const apart = (row: number) => {
    const scaled = parts.flatMap(({ value, low, range }) => {
      const one = value(row);
      return one === null ? [] : [(one - low) / range];
    });
    return scaled.length === 0 ? 0 : Math.max(...scaled) - Math.min(...scaled);
  };
  return order(
    rows.filter((row) => apart(row) >= LENS_RULES.partsApart),
    [desc(apart)],
  );
}

/** Rows in which a column of labels is above a number, the highest first, then the newest label. */
function labelled(rows: Uint32Array, look: Look, column: LabelColumn, above: number): Uint32Array {
  const value = look.number(column);
  const found = rows.filter((row) => (value(row) ?? above) > above);
  return order(found, [desc(value), desc(look.number('labelTime'))]);
}

function duplicates({ rows, total }: LensInput, look: Look): Uint32Array {
  const originalOf = look.original ?? firstSame(total, look);
  const found = rows.filter((row) => originalOf(row) !== null);
  const times = new Map<unknown, number>();
  for (const row of found) {
    times.set(originalOf(row), (times.get(originalOf(row)) ?? 0) + 1);
  }
  return order(found, [desc((row) => times.get(originalOf(row)) ?? 0), asc(originalOf)]);
}

/** The first row with the same prompt and response, where a row is not the first. */
function firstSame(total: number, look: Look): Key {
  const first = new Map<string, number>();
  const originals = new Map<number, number>();
  for (let row = 0; row < total; row++) {
    const response = look.response(row);
    const key = JSON.stringify([look.run(row), look.prompt(row), response]);
    const known = response === null ? undefined : first.get(key);
    if (known !== undefined) {
      originals.set(row, known);
    } else if (response !== null) {
      first.set(key, row);
    }
  }
  return (row) => originals.get(row) ?? null;
}
