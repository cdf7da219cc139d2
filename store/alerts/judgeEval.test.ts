import { describe, expect, it } from 'vitest';
import { DEFAULT_ALERTS, type WatchedMetric } from './AlertSettings';
import type { Eval } from './Eval';
import { before, type Judgement, judgeEval } from './judgeEval';

const ACCURACY: WatchedMetric = { metric: 'eval/*/accuracy/mean', better: 'higher', share: true };
const LOSS: WatchedMetric = { metric: 'eval/*loss*', better: 'lower' };

const evalAt = (step: number, value: number, given: Partial<Eval> = {}): Eval => ({
  attempt: 1,
  step,
  time: step * 1_000,
  value,
  prompts: 200,
  ...given,
});

/** Evals in the order of arrival, each judged after those that count. */
function judgeAll(evals: readonly Eval[], watched = ACCURACY): Judgement[] {
  let judgements: Judgement[] = [];
  for (const one of evals) {
    const earlier = before(judgements, one);
    if (earlier) {
      judgements = [...earlier, judgeEval(earlier, one, watched, DEFAULT_ALERTS)];
    }
  }
  return judgements;
}

const values = (...all: number[]) => all.map((value, i) => evalAt(i * 10, value));
const regressed = (judgements: readonly Judgement[]) => judgements.map((one) => (one.regressed ? 1 : 0)).join('');

describe('a regression', () => {
  it('takes two evals in a row, and closes when the mean of three is back', () => {
    expect(regressed(judgeAll(values(0.5, 0.6, 0.6, 0.6, 0.4, 0.6, 0.4, 0.4, 0.4, 0.6, 0.4, 0.6, 0.6, 0.6)))).toBe(
      '00000001111110',
    );
  });

  it('that hovers at its limit is one', () => {
    const hovering = [0.49, 0.49, 0.52, 0.52, 0.48, 0.48, 0.52, 0.53, 0.47, 0.47];
    expect(regressed(judgeAll(values(0.6, 0.6, 0.6, 0.6, ...hovering)))).toBe('00000111111111');
  });

  it('that comes after a recovery counts from the evals since', () => {
    const all = values(0.7, 0.7, 0.7, 0.7, 0.4, 0.4, 0.7, 0.7, 0.69, 0.6, 0.6, 0.6, 0.6, 0.6, 0.4, 0.4);
    const judgements = judgeAll(all);
    expect(regressed(judgements)).toBe('0000011100000001');
    expect(judgements.at(-1)?.againstBest?.reference.value).toBeLessThan(0.65);
  });

  it('does not widen its own limit, where the number of prompts is unknown', () => {
    const noisy = [0.6, 0.62, 0.6, 0.61, 0.62, 0.6, 0.61, 0.6, 0.4, 0.41, 0.4, 0.42, 0.41, 0.4];
    const judgements = judgeAll(values(...noisy).map(({ prompts: _, ...one }) => one));
    expect(regressed(judgements)).toBe('00000000011111');
    const [before, after] = [judgements.at(8)?.againstBest?.limit, judgements.at(-1)?.againstBest?.limit];
    expect(after).toBeLessThan(before ?? 0);
  });

  it('is told from the samples of few prompts, whether their number is known or not', () => {
    const few = [0.604, 0.61, 0.59, 0.605, 0.61, 0.603, 0.59, 0.604, 0.45, 0.455];
    for (const counts of [{ prompts: 30, samples: 32 }, { prompts: 30 }]) {
      const judgements = judgeAll(few.map((value, i) => evalAt(i, value, { ...counts })));
      expect(judgements.at(-1)).toMatchObject({ regressed: true, againstBest: { source: 'samples' } });
    }
    // Whole numbers of right prompts, which may have been the same ones by luck.
    const once = [18, 18, 18, 18, 18, 18, 18, 18, 14, 14].map((right, i) => evalAt(i, right / 30, { prompts: 30 }));
    expect(judgeAll(once).at(-1)).toMatchObject({ regressed: false, againstBest: { source: 'prompts' } });
  });

  it('counts from the best mean of three, and says between which values, with their errors', () => {
    const last = judgeAll(values(0.5, 0.6, 0.61, 0.62, 0.55, 0.4, 0.4)).at(-1);
    expect(last?.regressed).toBe(true);
    expect(last?.againstBest?.reference.steps).toEqual([10, 20, 30]);
    expect(last?.againstBest?.reference.value).toBeCloseTo(0.61);
    expect(last?.againstBest?.drop).toBeCloseTo(0.21);
    expect(last?.againstBest?.source).toBe('prompts');
    const single = Math.sqrt((0.61 * 0.39) / 200);
    expect(last?.againstBest?.standardError).toBeCloseTo(Math.sqrt(single ** 2 / 3 + single ** 2), 2);
    expect(last?.againstBest?.limit).toBeCloseTo(2.5 * (last?.againstBest?.standardError ?? 0));
  });

  it('is no drop of less than the smallest, however many prompts', () => {
    const many = values(0.6, 0.6, 0.6, 0.58, 0.58, 0.58).map((one) => ({ ...one, prompts: 1_000_000 }));
    expect(regressed(judgeAll(many))).toBe('000000');
    const deeper = values(0.6, 0.6, 0.6, 0.56, 0.56).map((one) => ({ ...one, prompts: 1_000_000 }));
    expect(regressed(judgeAll(deeper))).toBe('00001');
  });

  it('cannot be told from the first four evals', () => {
    expect(regressed(judgeAll(values(0.9, 0.9, 0.9, 0.1)))).toBe('0000');
    expect(judgeAll(values(0.9, 0.9, 0.9, 0.1)).every((one) => one.againstBest === undefined)).toBe(true);
  });

  it('is a loss that rises, measured by its own noise', () => {
    const losses = [2.0, 1.9, 1.95, 1.88, 1.9, 1.86, 1.9, 2.6, 2.7].map((value, i) => evalAt(i, value));
    const judgements = judgeAll(losses, LOSS);
    expect(regressed(judgements)).toBe('000000001');
    expect(judgements.at(-1)?.againstBest).toMatchObject({ source: 'noise', beyond: true });
  });

  it('uses the noise of the evals where the number of prompts is unknown', () => {
    const unknown = values(0.5, 0.52, 0.5, 0.51, 0.52, 0.5, 0.51, 0.2, 0.2).map(({ prompts: _, ...one }) => one);
    expect(judgeAll(unknown).at(-1)).toMatchObject({ regressed: true, againstBest: { source: 'noise' } });
  });

  it('uses the paired error where it is given', () => {
    const judgements = judgeAll(values(0.6, 0.6, 0.6, 0.6, 0.55));
    const paired = { standardError: 0.01, prompts: 200 };
    const last = judgeEval(judgements, evalAt(50, 0.55), ACCURACY, DEFAULT_ALERTS, { paired });
    expect(last.againstBest).toMatchObject({ source: 'paired', standardError: 0.01, limit: 0.03, beyond: true });
  });
});

describe('what arrives', () => {
  const healthy = values(0.6, 0.6, 0.6, 0.6, 0.6);

  it('late or again changes nothing', () => {
    const once = judgeAll(healthy);
    const late = [...healthy, evalAt(15, 0.1), evalAt(40, 0.1), evalAt(0, 0.1)];
    expect(judgeAll(late)).toEqual(once);
  });

  it('as NaN is no eval', () => {
    expect(judgeAll([...healthy, evalAt(50, Number.NaN), evalAt(60, Number.POSITIVE_INFINITY)])).toHaveLength(5);
  });

  it('from a resumed run goes on from where it resumed', () => {
    const resumed = [evalAt(20, 0.5, { attempt: 2 }), evalAt(30, 0.51, { attempt: 2 })];
    const judgements = judgeAll([...healthy, ...resumed, evalAt(50, 0.1)]);
    expect(judgements.map((one) => [one.eval.step, one.eval.value])).toEqual([
      [0, 0.6],
      [10, 0.6],
      [20, 0.5],
      [30, 0.51],
    ]);
  });
});

describe('below the baseline', () => {
  const baseline = { value: 0.6, steps: [0], prompts: 200 };
  const judge = (...all: number[]) => {
    let judgements: Judgement[] = [];
    for (const [i, value] of all.entries()) {
      judgements = [...judgements, judgeEval(judgements, evalAt(i, value), ACCURACY, DEFAULT_ALERTS, { baseline })];
    }
    return judgements.map((one) => (one.belowBaseline ? 1 : 0)).join('');
  };

  it('takes two evals in a row too, after a run-in', () => {
    expect(judge(0.3, 0.3, 0.3, 0.3, 0.3)).toBe('00001');
    expect(judge(0.6, 0.6, 0.6, 0.55, 0.3, 0.55, 0.3, 0.3)).toBe('00000001');
  });

  it('closes with the mean of five', () => {
    expect(judge(0.6, 0.6, 0.6, 0.3, 0.3, 0.6, 0.6, 0.3, 0.6, 0.6, 0.6, 0.6, 0.6)).toBe('0000111111110');
  });

  it('goes by the baseline’s own error, where it has one', () => {
    const own = { value: 0.6, steps: [0], standardError: 0.2 };
    const judgement = judgeEval(judgeAll(values(0.6, 0.6, 0.6)), evalAt(40, 0.4), ACCURACY, DEFAULT_ALERTS, {
      baseline: own,
    });
    expect(judgement.againstBaseline?.standardError).toBeCloseTo(Math.hypot(0.2, Math.sqrt((0.6 * 0.4) / 200)), 2);
    expect(judgement.againstBaseline?.beyond).toBe(false);
  });
});
