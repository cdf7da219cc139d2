import type { Steps } from '../Turn';
import { numberOfText } from './numberOfText';
import { isObject } from './readObject';
import type { WideTable } from './unpivot';

/** Columns whose cells are to be one number, as trainers call them; compared ignoring case. */
const REWARDS = new Set(['reward', 'rewards', 'total_reward', 'score', 'scores']);
const ADVANTAGES = new Set(['advantage', 'advantages']);
/** Keys of an object that say its total. */
const TOTALS = ['total', 'reward', 'score', 'value'];
/** Reward functions of one table; an object with more is no set of them. */
const MOST_PARTS = 50;

/**
 * A table whose rewards and advantages are numbers. A list of rewards, one a turn or a token, means their sum, and one of
 * advantages their mean; an object has a reward a function (`{"format": 0.5}`, or `{"score": 0.5, "weight": 0.2}` each),
 * which become columns `rewards/<function>`, and means their weighted sum, or what it says the total is. A text that says
 * a number, `"0.5"`, is that number. What was logged stays beside it as `logged.…`, unless nothing is lost.
 */
export function* rewardCells(table: WideTable): Steps<WideTable> {
  let { columns, rows } = table;
  for (const [at, name] of table.columns.entries()) {
    const isAdvantage = ADVANTAGES.has(name.toLowerCase());
    if (!isAdvantage && !REWARDS.has(name.toLowerCase())) {
      continue;
    }
    const parts = new Set<string>();
    const totals: unknown[] = [];
    const logged: unknown[] = [];
    for (const row of table.rows) {
      const cell = row[at] ?? null;
      const weighted = isAdvantage ? undefined : functionsOf(cell);
      for (const part of weighted?.keys() ?? []) {
        parts.add(part);
      }
      const total = weighted ? sumOf(weighted) : (saidBy(cell) ?? (isAdvantage ? meanOf(cell) : totalOf(cell)));
      totals.push(total === undefined ? cell : total);
      logged.push(total === undefined || weighted || isSingle(cell) || typeof cell === 'string' ? null : cell);
      yield;
    }
    if (parts.size > MOST_PARTS || totals.every((total, r) => total === (table.rows[r]?.[at] ?? null))) {
      continue;
    }
    const isKept = logged.some((cell) => cell !== null);
    columns = [...columns, ...[...parts].map((part) => `rewards/${part}`), ...(isKept ? [`logged.${name}`] : [])];
    const wider: unknown[][] = [];
    for (const [r, row] of rows.entries()) {
      const weighted = isAdvantage ? undefined : functionsOf(table.rows[r]?.[at]);
      const cells: unknown[] = Array.from({ length: columns.length }, (_, i) => row[i] ?? null);
      cells[at] = totals[r];
      const from = columns.length - parts.size - (isKept ? 1 : 0);
      for (const [i, part] of [...parts].entries()) {
        cells[from + i] = weighted?.get(part)?.score ?? null;
      }
      if (isKept) {
        cells[columns.length - 1] = logged[r];
      }
      wider.push(cells);
      yield;
    }
    rows = wider;
  }
  return { columns, rows };
}

/** A reward function's score, null where it gave none, and how it counts. */
interface Part {
  score: number | null;
  weight: number;
}

/** Scores by function; undefined for anything else, and for an object that says its total itself. */
export function functionsOf(cell: unknown): Map<string, Part> | undefined {
  if (!isObject(cell) || Object.keys(cell).length === 0 || TOTALS.some((key) => isNumber(cell[key]))) {
    return undefined;
  }
  const parts = new Map<string, Part>();
  for (const [name, value] of Object.entries(cell)) {
    const { score, weight } = isObject(value) ? value : { score: value, weight: 1 };
    if (!isNumber(score) && score !== null && score !== undefined) {
      return undefined;
    }
    parts.set(name, { score: isNumber(score) ? Number(score) : null, weight: isNumber(weight) ? Number(weight) : 1 });
  }
  return parts;
}

/** The weighted sum of what was scored; null where nothing was. */
export function sumOf(parts: ReadonlyMap<string, Part>): number | null {
  const scored = [...parts.values()].filter(({ score }) => score !== null);
  return scored.length === 0 ? null : scored.reduce((sum, { score, weight }) => sum + (score ?? 0) * weight, 0);
}

/** The number that a text says. */
const saidBy = (cell: unknown) => (typeof cell === 'string' ? numberOfText(cell) : undefined);

function totalOf(cell: unknown): number | undefined {
  if (isObject(cell)) {
    const key = TOTALS.find((one) => isNumber(cell[one]));
    return key === undefined ? undefined : Number(cell[key]);
  }
  return isNumbers(cell) ? cell.reduce<number>((sum, one) => sum + Number(one), 0) : undefined;
}

const meanOf = (cell: unknown) =>
  isNumbers(cell) ? cell.reduce<number>((sum, one) => sum + Number(one), 0) / cell.length : undefined;

const isSingle = (cell: unknown) => Array.isArray(cell) && cell.length === 1;

const isNumbers = (cell: unknown): cell is unknown[] =>
  Array.isArray(cell) && cell.length > 0 && cell.every((one) => isNumber(one) || one === null);

const isNumber = (value: unknown) =>
  (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean';
