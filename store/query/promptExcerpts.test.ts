import { describe, expect, it } from 'vitest';
import { promptExcerpts } from './promptExcerpts';

const TEMPLATE =
  '<|im_start|>system\nThe assistant thinks before it answers, and says why.<|im_end|>\n<|im_start|>user\n';

describe('excerpts of prompts', () => {
  it('begin after the template that all share, at a whole word', () => {
    expect(promptExcerpts([`${TEMPLATE}Anna has 3 pears.`, `${TEMPLATE}Anton has 5.`, null])).toEqual([
      '…Anna has 3 pears.',
      '…Anton has 5.',
      null,
    ]);
  });

  it('are the beginnings where little is shared, or there is one prompt', () => {
    expect(promptExcerpts(['How many pears?', 'How many apples?'])).toEqual(['How many pears?', 'How many apples?']);
    expect(promptExcerpts([`${TEMPLATE}x`, `${TEMPLATE}x`])[0]).toMatch(/^<\|im_start\|>system/);
    expect(promptExcerpts([])).toEqual([]);
  });

  it('have at most 200 whole characters', () => {
    const [one, other] = promptExcerpts([`${TEMPLATE}a ${'😀'.repeat(500)}`, `${TEMPLATE}b ${'😀'.repeat(500)}`]);
    expect([...(one ?? '')]).toHaveLength(200);
    expect(other?.isWellFormed()).toBe(true);
    expect([...(promptExcerpts(['😀'.repeat(500)])[0] ?? '')]).toHaveLength(200);
  });
});
