import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mismatchNames, readMismatch } from './tokenMismatch';

describe('readMismatch', () => {
  it('is the mean and largest distance over tokens that count', () => {
    const cell = { engineLogprob: [-9, -0.5, -1, -2], trainerLogprob: [0, -0.25, -2, -2], mask: [0, 1, 1, 1] };
    const mismatch = { mean: 1.25 / 3, max: 1, tokens: 3 };
    expect(readMismatch(cell)).toEqual(mismatch);
    expect(readMismatch(JSON.stringify(cell))).toEqual(mismatch);
    const entries = cell.mask.map((mask, i) => ({
      text: 'a',
      logprob: cell.engineLogprob[i],
      trainer_logprobs: cell.trainerLogprob[i],
      loss_mask: mask,
    }));
    expect(readMismatch(entries)).toEqual(mismatch);
  });

  it('takes no null, and nothing that is no finite number, for a 0', () => {
    const trainer_logprobs = [null, -0.5, 'NaN', -1];
    expect(readMismatch({ rollout_log_probs: [-3, -0.25, -1, null], trainer_logprobs })).toEqual({
      mean: 0.25,
      max: 0.25,
      tokens: 1,
    });
    expect(readMismatch({ logprobs: [null, null], prev_logprobs: [0, 0] })).toBeUndefined();
  });

  it('reads the names of the trainers', () => {
    for (const [engine, trainer] of [
      ['generation_logprobs', 'prev_logprobs'],
      ['rollout_log_probs', 'old_log_probs'],
      ['logprobs', 'trainer_logprobs'],
    ] as const) {
      expect(readMismatch({ [engine]: [-1], [trainer]: [-1.5] })?.max).toBe(0.5);
    }
  });

  it('tells which lists it compares', () => {
    expect(mismatchNames(['id', 'logprobs', 'generation_logprobs', 'prev_logprobs', 'token_loss_mask'])).toEqual({
      engine: 'generation_logprobs',
      trainer: 'prev_logprobs',
      mask: 'token_loss_mask',
    });
    expect(mismatchNames(['logprob', 'entropy'])).toBeUndefined();
  });

  it('has none where lists are of unequal length, or one of them is missing', () => {
    const [logprobs, prev_logprobs] = [
      [0, 0],
      [1, 1],
    ];
    for (const cell of [
      { logprobs, prev_logprobs: [1] },
      { logprobs, prev_logprobs, mask: [1] },
      { logprobs },
      [],
      7,
      'text',
      null,
      [logprobs],
    ]) {
      expect(readMismatch(cell)).toBeUndefined();
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (cell) => {
        expect(() => readMismatch(cell)).not.toThrow();
      }),
    );
  });
});
