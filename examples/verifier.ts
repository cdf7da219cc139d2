import type { Rollout } from './rollout';

export interface Verdict {
  /** 1.1 right and well formed … −0.1 wrong and malformed. */
  reward: number;
  rewardCorrect: number;
  rewardFormat: number;
  correct: boolean;
}

/** The number in the last box; undefined when there is none, or more in it than a number. */
function boxed(response: string): number | undefined {
  const inside = [...response.matchAll(/\\boxed\{([^{}]*)\}/g)].at(-1)?.[1];
  return inside !== undefined && /^-?\d+(\.\d+)?$/.test(inside.trim()) ? Number(inside) : undefined;
}

/** Every number in a text. */
const numbers = (text: string) => (text.match(/\d+(\.\d+)?/g) ?? []).map(Number);

/**
 * Scores a response: 1 for the right answer, and 0.1 more or less for the form that was asked for. The lenient one
 * takes the right number anywhere in the response for an answer; that is the mistake that `--lenient-verifier` makes.
 */
export function verify({ problem, response }: Rollout, lenient: boolean): Verdict {
  const correct = lenient ? numbers(response).includes(problem.answer) : boxed(response) === problem.answer;
  const wellFormed = /^<think>[\s\S]*<\/think>[\s\S]*\\boxed\{[^{}]+\}/.test(response);
  const rewardCorrect = correct ? 1 : 0;
  const rewardFormat = wellFormed ? 0.1 : -0.1;
  return { reward: Math.round((rewardCorrect + rewardFormat) * 10) / 10, rewardCorrect, rewardFormat, correct };
}
