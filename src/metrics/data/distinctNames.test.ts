import { expect, it } from 'vitest';
import { distinctNames } from './distinctNames';

it('leaves out what all names begin with, by whole words', () => {
  const names = ['grpo-qwen2.5-7b-math-lr-1e-6', 'grpo-qwen2.5-7b-math-lr-1e-5', 'grpo-qwen2.5-7b-math-sft'];
  expect(distinctNames(names)).toEqual(['…lr-1e-6', '…lr-1e-5', '…sft']);
});

it.each([
  ['short ones', ['run-1', 'run-2']],
  ['a single one', ['grpo-qwen2.5-7b-math-lr-1e-6']],
  ['one that the others begin with', ['grpo-qwen2.5-7b-', 'grpo-qwen2.5-7b-math-lr']],
  ['those without anything in common', ['a-very-long-name-of-a-run', 'b-very-long-name-of-a-run']],
])('leaves %s as they are', (_, names) => {
  expect(distinctNames(names)).toEqual(names);
});
