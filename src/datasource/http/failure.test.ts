import { describe, expect, it } from 'vitest';
import { checkAnswer, StoreFailure, toFailure } from './failure';

/** What Grafana's fetch throws. */
const fetchError = (status: number, data: unknown = {}) => ({ status, statusText: 'Oh', data, config: { url: '' } });

describe('toFailure', () => {
  it("keeps a store's own message and code", () => {
    const data = { error: { code: 'unknown_column', message: 'No column "x".' } };
    expect(toFailure(fetchError(400, data))).toMatchObject({
      message: 'No column "x".',
      code: 'unknown_column',
      status: 400,
      isTransient: false,
    });
  });

  it.each([
    [400, { message: 'Authentication to data source failed' }, /token/, false],
    [401, 'Unauthorized', /Sign in/, false],
    [403, {}, /not allowed/, false],
    [404, '<html>', /no run store/, false],
    [413, undefined, /too large/, false],
    [429, null, /busy/, true],
    [500, 'oops', /500.*log/, true],
    [502, { message: 'Bad Gateway' }, /does not answer/, true],
    [503, {}, /starting or stopping/, true],
    [504, {}, /in time.*timeout/, true],
    [418, {}, /answered 418 Oh/, false],
    [0, {}, /cannot be reached/, true],
    [-1, {}, /cannot be reached/, true],
  ])('%i of something that is no store is a sentence that says what to do', (status, data, text, isTransient) => {
    const failure = toFailure(fetchError(status, data));
    expect(failure.message).toMatch(text);
    expect(failure.isTransient).toBe(isTransient);
    expect(failure.code).toBeUndefined();
  });

  it('knows a connection that ended in the middle of an answer', () => {
    expect(toFailure(new TypeError('Failed to fetch'))).toMatchObject({ message: expect.stringMatching(/whole/) });
    expect(toFailure(new TypeError('network error'))).toMatchObject({ isTransient: true });
  });

  it.each([new Error('what'), 'what'])('takes whatever else was thrown', (thrown) => {
    expect(toFailure(thrown).message).toBe('what');
  });

  it('leaves a failure as it is', () => {
    const failure = new StoreFailure('a', 1);
    expect(toFailure(failure)).toBe(failure);
  });
});

describe('checkAnswer', () => {
  it('lets an answer through', () => {
    const answer = { series: [] };
    expect(checkAnswer(answer, 'series')).toBe(answer);
  });

  it.each([
    ['<!DOCTYPE html><title>Login</title>', /a web page/],
    ['  <html>', /a web page/],
    ['', /nothing/],
    [null, /no JSON/],
    ['hello', /no JSON/],
    ['{"series":[{"run":', /did not arrive whole/],
    [{ status: 'success' }, /no "series"/],
    [[], /no "series"/],
  ])('refuses %j', (data, text) => {
    expect(() => checkAnswer(data, 'series')).toThrow(text);
  });
});
