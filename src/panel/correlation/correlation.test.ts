import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentRange, nearestTime } from './momentRows';
import { namesVariable } from './namesVariable';
import { stepConditions, stepText } from './stepText';

describe('a choice of steps', () => {
  it('goes to the variable and back', () => {
    const step = fc.integer({ min: -1_000, max: 1_000_000 });
    fc.assert(
      fc.property(step, step, fc.uniqueArray(step, { minLength: 2 }), (a, b, list) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const choices = [
          stepConditions('step', String(a)),
          ...(from < to ? [stepConditions('step', `${from}-${to}`)] : []),
          stepConditions('step', list.join(', ')),
        ];
        for (const choice of choices) {
          expect(choice.length).toBeGreaterThan(0);
          expect(stepConditions('step', stepText(choice))).toEqual(choice);
        }
      }),
    );
  });

  it('is empty for all steps, and for what is none', () => {
    expect(stepText([])).toBe('');
    expect(stepText([{ column: 'step', op: 'ge', value: 3 }])).toBe('');
    expect([stepConditions('step', ''), stepConditions('step', 'latest'), stepConditions('step', '3,x')]).toEqual([
      [],
      [],
      [],
    ]);
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana's own syntax
describe('namesVariable', () => {
  it.each(['$step', '${step}', '${step:raw}', '[[step]]'])('sees %s', (text) => {
    expect(namesVariable([{ refId: 'A', step: text }], 'step')).toBe(true);
  });

  it('sees no other one', () => {
    expect(namesVariable([{ step: '5', table: '$steps', run: '${stepper}' }], 'step')).toBe(false);
    expect(namesVariable(undefined, 'step')).toBe(false);
  });
});

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana's own syntax

describe('the moment', () => {
  it('belongs to the nearest row, where that is near', () => {
    const times = [1_000, 61_000, 121_000];
    expect(nearestTime(times, 59_000, 0)).toBe(61_000);
    expect(nearestTime(times, 150_999, 0)).toBe(121_000);
    expect(nearestTime(times, 152_000, 0)).toBeUndefined();
    expect(nearestTime([5_000], 6_000, 3_600_000)).toBe(5_000);
    expect(nearestTime([5_000], 66_000, 3_600_000)).toBeUndefined();
    expect(nearestTime([], 0, 1)).toBeUndefined();
  });

  it('is never farther than another row', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.nat(), (times, moment) => {
        const found = nearestTime(times, moment, Number.MAX_SAFE_INTEGER);
        const distance = Math.abs((found ?? 0) - moment);
        expect(times.every((time) => Math.abs(time - moment) >= distance)).toBe(true);
      }),
    );
  });

  it('has a range that holds the step, and the steps around it', () => {
    const time = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(fc.tuple(time, time, time, time), (list) => {
        const [before = 0, first = 0, last = 0, after = 0] = [...list].sort((a, b) => a - b);
        const { from, to } = momentRange({ first, last, before, after });
        expect(from).toBeLessThan(first);
        expect(to).toBeGreaterThan(last);
        expect(first - before > 2_400_000 || from <= before).toBe(true);
        expect(after - last > 2_400_000 || to >= after).toBe(true);
      }),
    );
    expect(momentRange({ first: 100_000, last: 100_000 })).toEqual({ from: 70_000, to: 130_000 });
  });
});
