import { guessRole } from '@rolloscope/contract';
import type { Role } from '@rolloscope/contract/types';
import type { Steps } from '../Turn';
import type { WideTable } from './unpivot';

/** The hints that a run gives of its reward functions: they tell these from other numbers that stand beside them. */
export interface RewardHints {
  /** Names as the metrics `rewards/<name>/mean` have them. */
  names: ReadonlySet<string>;
  /** Names as `reward_funcs` of the config has them: `my_acc` for a column `MyAcc`. */
  configured: ReadonlySet<string>;
  /** `reward_weights` of the config, in the order of the functions; none where each counts once. */
  weights: readonly number[];
  /** Steps whose `completions` are those of an eval: TRL writes them over the training's. */
  evalSteps: ReadonlySet<number>;
}

export const NO_HINTS: RewardHints = { names: new Set(), configured: new Set(), weights: [], evalSteps: new Set() };

const METRIC = /(?:^|[/_])rewards\/(.+?)(?:\/mean)?$/;
/** Statistics of a function that are no function. */
const STATISTIC = /(?:^|\/)(?:mean|std|min|max)$/;

/** Reads the hints of a run's metrics and its config; both are the client's, and may hold anything. */
export function rewardHints(
  metrics: Iterable<string>,
  config: Readonly<Record<string, unknown>> = {},
  evalSteps: Iterable<number> = [],
): RewardHints {
  const names = new Set<string>();
  for (const metric of metrics) {
    const name = METRIC.exec(metric)?.[1];
    if (name !== undefined && !STATISTIC.test(name)) {
      names.add(name);
    }
  }
  const weights = listOf(config.reward_weights);
  const areWeights = weights.every((weight) => typeof weight === 'number' && Number.isFinite(weight));
  const configured = listOf(config.reward_funcs).filter((one) => typeof one === 'string');
  return {
    names,
    configured: new Set(configured.map(flat)),
    weights: areWeights ? (weights as number[]) : [],
    evalSteps: new Set(evalSteps),
  };
}

/** Two sources together: the weights are those of the first that has any. */
export function joinHints(a: RewardHints, b: RewardHints): RewardHints {
  return {
    names: new Set([...a.names, ...b.names]),
    configured: new Set([...a.configured, ...b.configured]),
    weights: a.weights.length > 0 ? a.weights : b.weights,
    evalSteps: new Set([...a.evalSteps, ...b.evalSteps]),
  };
}

/** A list, or the text of one, as MLflow has its parameters. */
function listOf(value: unknown): unknown[] {
  if (typeof value === 'string' && value.startsWith('[')) {
    try {
      return listOf(JSON.parse(value.replaceAll("'", '"')));
    } catch {
      return [];
    }
  }
  return Array.isArray(value) ? value : [];
}

const flat = (name: string) => name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

/** Columns of TRL's table `completions`, and of those made after it, that are no number of the trainer's user. */
const KNOWN = new Set(['step', 'mode', 'prompt', 'completion', 'advantage', 'advantages', 'image', 'images']);
/** The total that is added; a table that came from a store has it. */
const SUM = 'reward_sum';
const TOTALS = new Set(['reward', 'rewards', 'total_reward', SUM]);

/** TRL's `completions`, and ms-swift's: they have the reward functions one by one, and no total. */
const isCompletions = (columns: readonly string[]) =>
  columns.includes('prompt') &&
  columns.includes('completion') &&
  (columns.includes('advantage') || columns.includes('advantages'));

/**
 * The columns of a table that are reward functions: what the run's metrics name, else what its config does, else, in
 * TRL's table without a total, what is called a reward, or the only number, since it has one function at least.
 */
export function* rewardFunctions(table: WideTable, hints: RewardHints): Steps<string[]> {
  const { columns } = table;
  const named = columns.filter((name) => hints.names.has(name));
  const configured = named.length > 0 ? [] : columns.filter((name) => hints.configured.has(flat(name)));
  if (named.length + configured.length > 0 || !isCompletions(columns) || columns.some((name) => TOTALS.has(name))) {
    return [...new Set([...named, ...configured])];
  }
  const numbers: string[] = [];
  for (const [i, name] of columns.entries()) {
    if (!KNOWN.has(name) && (yield* isNumeric(table, i))) {
      numbers.push(name);
    }
  }
  const called = numbers.filter((name) => guessRole(name) === 'rewardPart');
  return called.length > 0 ? called : numbers.length === 1 ? numbers : [];
}

/** Reward functions give numbers, and nothing where they do not apply. */
function* isNumeric({ rows }: WideTable, column: number): Steps<boolean> {
  let isThere = false;
  for (const row of rows) {
    const cell = row[column] ?? null;
    if (cell !== null && typeof cell !== 'number' && typeof cell !== 'boolean' && cell !== 'NaN') {
      return false;
    }
    isThere ||= cell !== null;
    yield;
  }
  return isThere;
}

/**
 * A table with the roles of its reward functions, by its own column names, and with their total as `reward_sum` where it
 * has none: weighted by `reward_weights`. Weights that are not as many as the functions say nothing, and there is no
 * total then. Other columns do not count as rewards, whatever they are called.
 */
export function* withRewards(
  table: WideTable,
  functions: readonly string[],
  { weights }: RewardHints,
): Steps<{ table: WideTable; roles: Record<string, Role | null> }> {
  const { columns, rows } = table;
  const total = columns.find((name) => TOTALS.has(name) && !functions.includes(name));
  const hasTotal = total !== undefined || (!isCompletions(columns) && columns.some(isOtherReward(functions)));
  const others = isCompletions(columns) ? columns.filter((name) => name !== total && !functions.includes(name)) : [];
  const roles: Record<string, Role | null> = Object.fromEntries(
    others.filter((name) => /^reward/.test(guessRole(name) ?? '')).map((name) => [name, null]),
  );
  const isSingle = functions.length === 1 && !hasTotal && (weights.length !== 1 || weights[0] === 1);
  for (const name of functions) {
    roles[name] = isSingle ? 'reward' : 'rewardPart';
  }
  if (total === SUM) {
    roles[SUM] = 'reward';
  }
  if (isSingle || hasTotal || (weights.length > 0 && weights.length !== functions.length)) {
    return { table, roles };
  }
  const sum = freeName(SUM, columns);
  const parts = functions.map((name, i) => ({ at: columns.indexOf(name), weight: weights[i] ?? 1 }));
  const summed: unknown[][] = [];
  for (const row of rows) {
    const reward = parts.reduce((so, { at, weight }) => so + numberOf(row[at]) * weight, 0);
    summed.push([...columns.map((_, i) => row[i] ?? null), reward]);
    yield;
  }
  return { table: { columns: [...columns, sum], rows: summed }, roles: { ...roles, [sum]: 'reward' } };
}

const isOtherReward = (functions: readonly string[]) => (name: string) =>
  guessRole(name) === 'reward' && !functions.includes(name);

const numberOf = (cell: unknown) => (Number.isFinite(cell) || typeof cell === 'boolean' ? Number(cell) : 0);

function freeName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freeName(`${name}_`, taken) : name;
}
