import { type Lens, POLICY_AGE, type Role, SUSPICIONS_COLUMN } from './names';
import type { Filter } from './selection';

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

const END = `${LENS_RULES.end * 100} %`;
const RIGHT = `A rollout is right when its column in the role “correct” says so, else when its reward is above ${LENS_RULES.rightReward}; a prompt is right when more than half of its rollouts at a step are.`;

/** What each lens is called, and means. All are about the rows that query, filter and search leave. */
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

/** What a table offers to lenses. */
export interface LensGround {
  roles: readonly (Role | undefined)[];
  /** Names of its columns, the derived ones among them. */
  names: readonly string[];
  hasBaseline: boolean;
  /** Somebody labelled a rollout of the table. */
  hasLabels: boolean;
}

/** What a lens would need and the table does not have; undefined where it can be asked for. */
export function lensNeeds(lens: Lens, { roles, names, hasBaseline, hasLabels }: LensGround): string | undefined {
  const lacksRole = (role: Role) => !roles.includes(role) && `a column in the role ${role}`;
  const lacksColumn = (name: string) => !names.includes(name) && `the column ${name}`;
  const lacksPrompt = !names.includes('promptHash') && 'a column in the role prompt';
  const lacksScore = scoreRole(roles) === undefined && 'a column in the role reward, or correct';
  const lacks: Record<Lens, false | string | undefined> = {
    newest: false,
    worst: lacksScore,
    best: lacksScore,
    spread: lacksScore || (!roles.includes('groupId') && lacksPrompt),
    newlyWrong: lacksPrompt || lacksScore,
    newlyRight: lacksPrompt || lacksScore,
    baselineWrong: lacksPrompt || lacksScore || (!hasBaseline && 'a baseline of the run'),
    baselineRight: lacksPrompt || lacksScore || (!hasBaseline && 'a baseline of the run'),
    disagree: roles.filter((role) => role === 'rewardPart').length < 2 && 'two columns in the role rewardPart',
    truncated: !names.includes('thinkClosed') && lacksRole('truncated'),
    repetitive: lacksColumn('repetition'),
    duplicates: lacksColumn('duplicateOf'),
    longest: lacksColumn('chars'),
    stalest: lacksColumn(POLICY_AGE),
    labelled: !hasLabels && 'a rollout that somebody labelled',
    disputed: !hasLabels && 'a rollout that somebody labelled',
    suspicious: lacksColumn(SUSPICIONS_COLUMN),
  };
  return lacks[lens] || undefined;
}

/** Several steps that a filter names one by one in the column `step`: what was before is the one before among these. */
export function chosenSteps(filter: Filter, step: string): number[] | undefined {
  const lists = filter.flatMap((part) =>
    'column' in part && part.column === step && part.op === 'in' && Array.isArray(part.value) ? [part.value] : [],
  );
  const steps = lists.length === 1 ? lists.flat().map(Number) : [];
  return steps.length > 1 && steps.every(Number.isSafeInteger) ? steps : undefined;
}
