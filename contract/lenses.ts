import { type Lens, POLICY_AGE, type Role, SUSPICIONS_COLUMN } from './names';
import type { Filter } from './selection';

/**
 * A value of a row that lenses go by: a number or a text, null where the row has none. Infinities and NaN are none. `isRight` and
 * `isCut` are 1 or 0, `apart` how far its reward functions are from each other, each on a scale from its lowest to its
 * highest value. The store has them as SQL (`lensValues.ts`), the panel as functions of a row of a frame (`lensLook.ts`).
 */
export type RowValue =
  | 'step'
  | 'score'
  | 'groupKey'
  | 'promptKey'
  | 'isRight'
  | 'isCut'
  | 'chars'
  | 'age'
  | 'repetition'
  | 'signs'
  | 'original'
  | 'apart'
  | 'labelTime'
  | 'verdicts';

/**
 * A value that a row has of its group: how far the values of the group spread (standard deviation of the population;
 * null where all are equal), its first row, how many rows it has, the mean of its values, and the mean of the group before.
 */
export type GroupValue = 'deviation' | 'firstRow' | 'times' | 'mean' | 'meanBefore';

/** Groups of rows of a run in which one value is equal, and the step too where `perStep` says so; rows without it are in none. */
export interface LensGroups {
  by: RowValue;
  perStep: boolean;
  /** The values of a group: rows without one do not count. Left out where only rows are counted. */
  of?: RowValue;
  /**
   * The group that counts as the one before another: that of the last `step` in which there was one, or of the same or
   * the last one before in the run's `baseline`. Then all rows that the run has logged are grouped, not only the
   * selected ones, which may be of one step; where a filter names several steps one by one, such as a reference and
   * now, those of these steps.
   */
  before?: 'step' | 'baseline';
}

/** A bound, or one end of the selection: as far out as the outermost rows, or groups where a group has the value. */
export type LensCondition =
  | { column: RowValue | GroupValue; op: 'gt' | 'ge' | 'le'; value: number }
  | { column: RowValue | GroupValue; end: 'lowest' | 'highest' };

/** A lens as data: the rows in which all conditions hold, of those that are in a group, in an order; nulls last, then as logged. */
export interface LensPlan {
  groups?: LensGroups;
  where: readonly LensCondition[];
  orderBy: readonly { column: RowValue | GroupValue; direction: 'asc' | 'desc' }[];
}

/** The numbers that lenses go by; plain values, so that the panel says and counts the same as the store. */
export const LENS_RULES = {
  /** The share of rows (of groups, for `spread`) that counts as one end: those as far out as the outermost 5 %. */
  end: 0.05,
  /** Where no column has the role `correct`, a rollout is right when its reward is above this. */
  rightReward: 0.5,
  /** Reward functions disagree when two are so far apart, each on a scale from its lowest to its highest value. */
  partsApart: 0.75,
  /** A response is repetitive when so much of it was said before (`repetition`). */
  repetition: 0.3,
} as const;

const asc = (column: RowValue | GroupValue) => ({ column, direction: 'asc' as const });
const desc = (column: RowValue | GroupValue) => ({ column, direction: 'desc' as const });

/** Rows of prompts that most rollouts got right before and not now, or the other way round. */
function turned(before: 'step' | 'baseline', toWrong: boolean): LensPlan {
  const [was, is] = toWrong ? (['gt', 'le'] as const) : (['le', 'gt'] as const);
  return {
    groups: { by: 'promptKey', perStep: true, of: 'isRight', before },
    where: [
      { column: 'meanBefore', op: was, value: 0.5 },
      { column: 'mean', op: is, value: 0.5 },
      { column: 'isRight', op: is, value: 0.5 },
    ],
    orderBy: [desc('step'), asc('promptKey'), asc('score')],
  };
}

/** The plan of each lens. The store compiles it to SQL, the panel runs it over the rows of a frame. */
export const LENS_PLANS: Readonly<Record<Lens, LensPlan>> = {
  newest: { where: [], orderBy: [desc('step'), asc('groupKey'), asc('score')] },
  worst: { where: [{ column: 'score', end: 'lowest' }], orderBy: [asc('score'), desc('step')] },
  best: { where: [{ column: 'score', end: 'highest' }], orderBy: [desc('score'), desc('step')] },
  spread: {
    groups: { by: 'groupKey', perStep: true, of: 'score' },
    where: [{ column: 'deviation', end: 'highest' }],
    orderBy: [desc('deviation'), asc('firstRow'), asc('score')],
  },
  newlyWrong: turned('step', true),
  newlyRight: turned('step', false),
  baselineWrong: turned('baseline', true),
  baselineRight: turned('baseline', false),
  disagree: { where: [{ column: 'apart', op: 'ge', value: LENS_RULES.partsApart }], orderBy: [desc('apart')] },
  truncated: { where: [{ column: 'isCut', op: 'gt', value: 0 }], orderBy: [desc('chars')] },
  repetitive: {
    where: [{ column: 'repetition', op: 'ge', value: LENS_RULES.repetition }],
    orderBy: [desc('repetition')],
  },
  duplicates: { groups: { by: 'original', perStep: false }, where: [], orderBy: [desc('times'), asc('original')] },
  longest: { where: [{ column: 'chars', end: 'highest' }], orderBy: [desc('chars'), desc('step')] },
  stalest: {
    where: [
      { column: 'age', op: 'gt', value: 0 },
      { column: 'age', end: 'highest' },
    ],
    orderBy: [desc('age'), desc('step')],
  },
  labelled: { where: [{ column: 'labelTime', op: 'gt', value: 0 }], orderBy: [desc('labelTime')] },
  disputed: {
    where: [{ column: 'verdicts', op: 'gt', value: 1 }],
    orderBy: [desc('verdicts'), desc('labelTime')],
  },
  suspicious: { where: [{ column: 'signs', op: 'gt', value: 0 }], orderBy: [desc('signs'), desc('score')] },
};

const END = `${LENS_RULES.end * 100} %`;
const RIGHT = `A rollout is right when its column in the role “correct” says so, else when its reward is above ${LENS_RULES.rightReward}; a prompt is right when more than half of its rollouts at a step are.`;

/** The name and the meaning of each lens. All are about the rows that query, filter and search leave. */
export const LENS_TEXTS: Readonly<Record<Lens, { label: string; means: string }>> = {
  newest: { label: 'Newest', means: 'Every row: the latest step first, by prompt group, the worst of each first.' },
  worst: { label: 'Worst', means: `Rewards as low as the lowest ${END}, the lowest first.` },
  best: { label: 'Best', means: `Rewards as high as the highest ${END}, the highest first.` },
  spread: {
    label: 'Most spread',
    means: `Prompt groups whose rewards spread as wide as the widest ${END} (standard deviation), worst rollout first.`,
  },
  newlyWrong: {
    label: 'Newly wrong',
    means: `Wrong rollouts of prompts that were right the step before in which they were asked (of steps chosen one by one: in the one before of those), and are wrong now. ${RIGHT}`,
  },
  newlyRight: {
    label: 'Newly right',
    means: `Right rollouts of prompts that were wrong the step before in which they were asked, and are right now. ${RIGHT}`,
  },
  baselineWrong: {
    label: 'Wrong vs baseline',
    means: `Wrong rollouts of prompts that the run’s baseline got right, at the same step or the last one before. ${RIGHT}`,
  },
  baselineRight: {
    label: 'Right vs baseline',
    means: `Right rollouts of prompts that the run’s baseline got wrong, at the same step or the last one before. ${RIGHT}`,
  },
  disagree: {
    label: 'Parts disagree',
    means: `Two reward functions are ${LENS_RULES.partsApart * 100} % of their ranges apart or more, the farthest first.`,
  },
  truncated: {
    label: 'Truncated',
    means: 'Marked as truncated, or with a thinking part that never closes, the longest first.',
  },
  repetitive: {
    label: 'Repetitive',
    means: `At least ${LENS_RULES.repetition * 100} % of the response’s runs of eight words were said in it before, the most first.`,
  },
  duplicates: {
    label: 'Duplicates',
    means: 'The same response to the same prompt was logged before, the most frequent first.',
  },
  longest: { label: 'Longest', means: `Responses as long as the longest ${END}, the longest first.` },
  labelled: { label: 'Labelled', means: 'Somebody starred it, gave a verdict or commented, the newest label first.' },
  disputed: {
    label: 'Verdicts differ',
    means: 'People gave different verdicts, the most different ones first.',
  },
  stalest: {
    label: 'Stalest',
    means: `Made by policies as many versions behind the one that is trained (${POLICY_AGE}) as the outermost ${END}, the oldest first; none that the newest policy made.`,
  },
  suspicious: {
    label: 'Suspicious',
    means:
      'Responses with a sign of going for the reward instead of the task (tests, lists of answers, repetition, empty format, another script, length, pleading): the most signs first, then the highest reward. A sign is a reason to read, no proof.',
  },
};

/**
 * The role whose column says how good a rollout was, where rewards are asked for: where nothing is a reward, whether it
 * was right. Undefined where neither is there.
 */
export const scoreRole = (roles: readonly unknown[]): 'reward' | 'correct' | undefined =>
  (['reward', 'correct'] as const).find((role) => roles.includes(role));

/** A table, as far as lenses need to know it. */
export interface LensGround {
  roles: readonly (Role | undefined)[];
  /** Names of its columns, the derived ones among them. */
  names: readonly string[];
  hasBaseline: boolean;
  /** Somebody labelled a rollout of the table. */
  hasLabels: boolean;
}

/** Tells which column or label a lens would need and the table does not have; undefined where it can be asked for. */
export function lensNeeds(lens: Lens, { roles, names, hasBaseline, hasLabels }: LensGround): string | undefined {
  const column = (name: string) => !names.includes(name) && `the column ${name}`;
  const prompt = !names.includes('promptHash') && 'a column in the role prompt';
  const score = scoreRole(roles) === undefined && 'a column in the role reward, or correct';
  const labels = !hasLabels && 'a rollout that somebody labelled';
  const parts = roles.filter((role) => role === 'rewardPart').length;
  const lacks: Partial<Record<RowValue | GroupValue, string | false>> = {
    score,
    isRight: score,
    groupKey: !roles.includes('groupId') && prompt,
    promptKey: prompt,
    isCut: !names.includes('thinkClosed') && !roles.includes('truncated') && 'a column in the role truncated',
    chars: column('chars'),
    age: column(POLICY_AGE),
    repetition: column('repetition'),
    signs: column(SUSPICIONS_COLUMN),
    original: column('duplicateOf'),
    apart: parts < 2 && 'two columns in the role rewardPart',
    labelTime: labels,
    verdicts: labels,
  };
  const { where, groups } = LENS_PLANS[lens];
  const used = [...(groups?.of ? [groups.of] : []), ...(groups ? [groups.by] : []), ...where.map((one) => one.column)];
  const lacked = used.map((value) => lacks[value]).find(Boolean);
  return lacked || (groups?.before === 'baseline' && !hasBaseline && 'a baseline of the run') || undefined;
}

/** Several steps that a filter names one by one in the column `step`: what was before is the one before among these. */
export function chosenSteps(filter: Filter, step: string): number[] | undefined {
  const lists = filter.flatMap((part) =>
    'column' in part && part.column === step && part.op === 'in' && Array.isArray(part.value) ? [part.value] : [],
  );
  const steps = lists.length === 1 ? lists.flat().map(Number) : [];
  return steps.length > 1 && steps.every(Number.isSafeInteger) ? steps : undefined;
}
