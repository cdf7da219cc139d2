import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recomputeAdvantages } from './advantages';
import { describeGroup } from './describeGroup';

const rewards = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 64 });

describe('describeGroup', () => {
  it('tells mean and both spreads', () => {
    expect(describeGroup([1, 1, 0, 0])).toMatchObject({
      n: 4,
      mean: 0.5,
      populationSd: 0.5,
      min: 0,
      max: 1,
      isFlat: false,
    });
    expect(describeGroup([1, 1, 0, 0])?.sampleSd).toBeCloseTo(Math.sqrt(1 / 3));
    expect(describeGroup([5])).toMatchObject({ n: 1, sampleSd: 0, isFlat: false });
  });

  it('leaves out what is no finite number, and says nothing where all is such', () => {
    expect(describeGroup([1, null, Number.NaN, 'x', Number.POSITIVE_INFINITY, 3])).toMatchObject({ n: 2, mean: 2 });
    expect(describeGroup([null, 'x'])).toBeUndefined();
  });

  it('sees no spread in equal rewards, whatever they are', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 2, max: 50 }), (reward, n) => {
        const group = describeGroup(new Array<number>(n).fill(reward));
        expect(group).toMatchObject({ isFlat: true, populationSd: 0, sampleSd: 0, mean: reward });
      }),
    );
  });

  it('keeps the mean within the rewards', () => {
    fc.assert(
      fc.property(rewards, (list) => {
        const group = describeGroup(list);
        expect(group?.mean).toBeGreaterThanOrEqual((group?.min ?? 0) - 1e-9);
        expect(group?.mean).toBeLessThanOrEqual((group?.max ?? 0) + 1e-9);
      }),
    );
  });
});

describe('recomputeAdvantages', () => {
  it('are 0 on the whole, and in the order of the rewards', () => {
    fc.assert(
      fc.property(rewards, (list) => {
        const values = recomputeAdvantages(list, [])?.values.map(Number) ?? [];
        expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 3);
        list.forEach((reward, i) => {
          expect(
            Math.sign((values[i] ?? 0) - (values[0] ?? 0)) * Math.sign(reward - (list[0] ?? 0)),
          ).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });

  it('finds out which spread the trainer divides by', () => {
    const list = [1, 0, 0, 0];
    const by = (spread: number) => list.map((reward) => Math.fround((reward - 0.25) / (spread + 1e-4)));
    expect(recomputeAdvantages(list, by(0.5))).toMatchObject({ formula: 'sampleSd', logged: { agrees: true } });
    expect(recomputeAdvantages(list, by(Math.sqrt(3) / 4))).toMatchObject({
      formula: 'populationSd',
      logged: { agrees: true },
    });
    expect(recomputeAdvantages(list, [0.75, -0.25, -0.25, -0.25])).toMatchObject({ formula: 'meanOnly' });
  });

  it('says how far off the logged ones are where they follow none', () => {
    expect(recomputeAdvantages([1, 0], [9, 0])?.logged).toMatchObject({ agrees: false });
    expect(recomputeAdvantages([1, 0], [null, 'x'])?.logged).toBeUndefined();
    expect(recomputeAdvantages([null], [1])).toBeUndefined();
  });

  it('is 0 for each where all rewards are equal', () => {
    expect(recomputeAdvantages([1, 1, 1], [0, 0, 0])).toMatchObject({ values: [0, 0, 0], logged: { agrees: true } });
  });
});
