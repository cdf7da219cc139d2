import { describe, expect, it } from 'vitest';
import { compareAnswers, referenceAnswers } from './compareAnswers';
import { findAnswer } from './findAnswer';

describe('findAnswer', () => {
  it.each([
    ['so \\boxed{3} and \\boxed{\\frac{1}{2}}.', '\\frac{1}{2}', '\\boxed{}'],
    ['\\boxed{a \\} b}', 'a \\} b', '\\boxed{}'],
    ['<think>\\boxed{1}</think><answer> 42 </answer>', '42', '<answer>'],
    ['<think>x</think>\n<answer>It is $\\boxed{42}$</answer>', '42', '<answer>'],
    ['5 + 4 = <<5+4=9>>9\n#### 9', '9', '####'],
    ['She has 9.\nA: 9', '9', 'A:'],
    ['**Answer:** 9 apples', '9 apples', 'A:'],
    ['So the answer is 17.', '17', '“the answer is”'],
  ])('%s', (text, answer, by) => {
    expect(findAnswer(text)).toEqual({ text: answer, by });
  });

  it.each(['', 'No idea.', '<think>\\boxed{4}', '\\boxed{4', 'x'.repeat(1_000_000)])('finds none in %#', (text) => {
    expect(findAnswer(text)).toBeUndefined();
  });
});

describe('compareAnswers', () => {
  it.each([
    ['18', '18.0'],
    ['$1,234', '1234'],
    ['\\dfrac{1}{2}', '0.5'],
    ['1/2', '\\frac{1}{2}'],
    ['\\text{Paris}', 'paris'],
    ['50\\%', '50%'],
    [' 7. ', '7'],
  ])('%s is %s', (one, other) => expect(compareAnswers(one, other)).toBe(true));

  it.each([
    ['18', '19'],
    ['1,23', '123'],
    ['', '0'],
    ['yes', 'no'],
  ])('%s is not %s', (one, other) => expect(compareAnswers(one, other)).toBe(false));
});

describe('referenceAnswers', () => {
  it.each([
    [18, ['18']],
    ['5 eggs\n#### 18', ['18']],
    ['["18", "eighteen"]', ['18', 'eighteen']],
    [{ target: 18 }, ['18']],
    [null, []],
    ['long '.repeat(200), []],
  ])('%j', (value, answers) => expect(referenceAnswers(value)).toEqual(answers));
});
