import { expect, it } from 'vitest';
import { tasksOf } from './tasksOf';

it('tells tasks as alerts do, and by what else is logged of one', () => {
  const metrics = [
    'eval/gsm8k/accuracy/mean@4',
    'eval/gsm8k/response_length/mean',
    'eval/aime',
    'eval/code/run_time',
    'val-core/openai/gsm8k/acc/mean@8',
    'eval/accuracy/mean',
    'eval/loss',
    'train/reward',
  ];
  expect(tasksOf(metrics)).toEqual(['gsm8k', 'aime', 'code', 'openai/gsm8k']);
});
