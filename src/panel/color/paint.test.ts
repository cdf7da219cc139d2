import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divergingColor, reachOf } from './divergingColor';
import { AA, cellPaint, type Ground, rowTint } from './paint';
import { blend, contrast, formatColor, parseColor } from './rgb';

/** Grafana's own colours in 13.2. */
const GROUNDS: Record<'dark' | 'light', Ground> = {
  dark: { background: '#181b1f', text: 'rgb(204, 204, 220)', faintText: 'rgba(204, 204, 220, 0.65)' },
  light: { background: '#ffffff', text: 'rgba(36, 41, 46, 1)', faintText: 'rgba(36, 41, 46, 0.75)' },
};

function ratio(one: string, other: string): number {
  const [a, b] = [parseColor(one), parseColor(other)];
  return a && b ? contrast(a, blend(a, b, b.a)) : 0;
}

describe('rgb', () => {
  it('reads what themes give', () => {
    expect(parseColor('#f00')).toEqual({ r: 255, g: 0, b: 0, a: 1 });
    expect(parseColor('#1f60c480')?.a).toBeCloseTo(0.5, 2);
    expect(parseColor('rgba(1, 2, 3, 0.5)')).toEqual({ r: 1, g: 2, b: 3, a: 0.5 });
    expect(parseColor('rgb(1 2 3 / 50%)')).toEqual({ r: 1, g: 2, b: 3, a: 0.5 });
    expect(parseColor('url(javascript:x)')).toBeUndefined();
  });

  it('knows the two ends of contrast', () => {
    expect(ratio('#000', '#fff')).toBeCloseTo(21, 5);
    expect(ratio('#777', '#777')).toBe(1);
    expect(formatColor({ r: 1.4, g: 2.6, b: 3, a: 1 })).toBe('rgb(1, 3, 3)');
  });
});

const reach = reachOf([1.1, -0.1]);
const one = { below: 1, above: 1 };

describe.each(['dark', 'light'] as const)('on the %s theme', (theme) => {
  const ground = GROUNDS[theme];
  const reward = fc.double({ min: -2, max: 2, noNaN: true });

  it('text on a tinted row can be read at every reward', () => {
    fc.assert(
      fc.property(reward, (value) => {
        const paint = divergingColor(value, reach, theme);
        const tint = paint && rowTint(paint.color, paint.strength, ground);
        expect(ratio(tint ?? ground.background, ground.text)).toBeGreaterThanOrEqual(AA);
        expect(ratio(tint ?? ground.background, ground.faintText)).toBeGreaterThanOrEqual(AA);
      }),
    );
  });

  it('text on a filled cell can be read, in any colour', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (r, g, b) => {
        const paint = cellPaint(formatColor({ r, g, b, a: 1 }), 1, ground);
        expect(ratio(paint?.background ?? '', paint?.text ?? '')).toBeGreaterThanOrEqual(AA);
      }),
    );
  });

  it('tells 1.1 and -0.1 apart, and the edge bar from the ground', () => {
    const [good, bad] = [divergingColor(1.1, reach, theme), divergingColor(-0.1, reach, theme)];
    expect(good && rowTint(good.color, good.strength, ground)).not.toBe(
      bad && rowTint(bad.color, bad.strength, ground),
    );
    expect(ratio(good?.color ?? '', ground.background)).toBeGreaterThanOrEqual(3);
    expect(ratio(bad?.color ?? '', ground.background)).toBeGreaterThanOrEqual(3);
  });
});

describe('divergingColor', () => {
  it('is nothing at 0 and for NaN, full at the reach and beyond', () => {
    expect(divergingColor(0, one, 'dark')).toBeUndefined();
    expect(divergingColor(Number.NaN, one, 'dark')).toBeUndefined();
    expect(divergingColor(5, one, 'dark')?.strength).toBe(1);
    expect(divergingColor(Number.NEGATIVE_INFINITY, one, 'dark')?.strength).toBe(1);
  });

  it('grows with the distance from 0', () => {
    const strength = (value: number) => divergingColor(value, one, 'light')?.strength ?? 0;
    expect(strength(0.01)).toBeGreaterThan(0.3);
    expect(strength(0.9)).toBeGreaterThan(strength(0.2));
    expect(strength(-0.9)).toBe(strength(0.9));
  });

  it('reaches as far as the finite values do, on either side', () => {
    expect(reachOf([1, -3, Number.NaN, Number.POSITIVE_INFINITY, null, 'x'])).toEqual({ below: 3, above: 1 });
    expect(reachOf([1.2, -0.1])).toEqual({ below: 0.3, above: 1.2 });
    expect(reachOf([])).toEqual({ below: 0, above: 0 });
  });
});
