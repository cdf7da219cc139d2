import type { TableColumn } from '../data/TableData';

const ROLE_TEXTS: Record<NonNullable<TableColumn['role']>, string> = {
  step: 'the training step',
  prompt: 'the prompt',
  response: 'the response',
  messages: 'the conversation',
  reward: 'the reward',
  rewardPart: 'a reward function',
  advantage: 'the advantage',
  groupId: 'the prompt group',
  groundTruth: 'the ground truth',
  correct: 'whether it is right',
  truncated: 'whether it was cut short',
  tokens: 'the tokens',
  turns: 'the turns and their times',
  error: 'what went wrong around the policy',
  media: 'an image or a sound',
};

/** Says what a column holds and stands for: `score: number, read as the reward`. */
export function describeColumn({ name, type, role }: TableColumn): string {
  return `${name}: ${type}${role ? `, read as ${ROLE_TEXTS[role]}` : ''}`;
}
