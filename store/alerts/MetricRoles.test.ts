import { taskOf } from '@rolloscope/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** What the first star stands for, by a pattern that takes its time. */
function byPattern(metric: string, glob: string): string | undefined {
  const [first = '', ...rest] = glob.split('*').map((part) => part.replaceAll('.', '\\.'));
  const after = rest.length > 0 ? `(.+?)${rest.join('.*')}` : '()';
  return new RegExp(`^${first}${after}$`, 's').exec(metric)?.[1];
}

describe('the task of a metric', () => {
  it.each([
    ['eval/gsm8k/acc', 'eval/*/acc', 'gsm8k'],
    ['eval/gsm8k/acc/mean@4', 'eval/*/acc*', 'gsm8k'],
    ['eval//acc', 'eval/*/acc', undefined],
    ['acc', 'acc', ''],
    ['acc', 'acc*', undefined],
  ])('of %s by %s is %s', (metric, glob, task) => {
    expect(taskOf(metric, glob)).toBe(task);
  });

  it('is what a pattern with the shortest first star would tell', () => {
    const metric = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
    fc.assert(
      fc.property(metric, glob, (one, other) => taskOf(one, other) === byPattern(one, other)),
      { numRuns: 2_000 },
    );
  });

  it('is told at once, however many stars the glob has', () => {
    expect(taskOf('a'.repeat(256), `${'*a'.repeat(127)}*b`)).toBeUndefined();
  });
});
