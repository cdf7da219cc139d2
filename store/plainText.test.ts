import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logLine } from './http/Log';
import { disarmed, withoutSecrets } from './plainText';

describe('disarmed', () => {
  it.each([
    ['ESC sequences', 'a\u001b[2J\u001b]0;title\u0007b', 'a\\u001b[2J\\u001b]0;title\\u0007b'],
    ['C1 controls', 'a\u009b31mb\u0090', 'a\\u009b31mb\\u0090'],
    ['ends of lines', 'a\nb\rc\u2028d\u0085e', 'a\\u000ab\\u000dc\\u2028d\\u0085e'],
    ['bidi overrides', 'a\u202egpj.exe\u2066', 'a\\u202egpj.exe\\u2066'],
    ['what nobody sees', 'a\u200b\ufeff\u00ad\u{e0041}', 'a\\u200b\\ufeff\\u00ad\\udb40\\udc41'],
    ['half a character', 'a\ud800b', 'a\\ud800b'],
  ])('writes %s out', (_, text, shown) => {
    expect(disarmed(text)).toBe(shown);
  });

  it('leaves what people write as it is', () => {
    for (const text of ['grpo-1/ä ö 漢字 ▁the', '👩‍💻', 'می‌خواهم', '5 % …, "quoted" \\n']) {
      expect(disarmed(text)).toBe(text);
    }
  });

  it('leaves no control and no end of a line, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        expect(disarmed(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('withoutSecrets', () => {
  it.each([
    ['PUT http://h/wandb/uploads/eyJh.sig-_9 failed', 'PUT http://h/wandb/uploads/… failed'],
    ['/api/v1/exports/AbC-_0123456789 is cut', '/api/v1/exports/… is cut'],
    ['no store at https://me:pass@host:1/x', 'no store at https://…@host:1/x'],
    ['GET /x?X-Amz-Signature=abc&X-Amz-Date=1&access_token=q', 'GET /x?X-Amz-Signature=…&X-Amz-Date=1&access_token=…'],
    ['{"authorization":"Basic YXBpOnNlY3JldA=="}', '{"authorization":"Basic …"}'],
    ['authorization: bearer abcdefgh', 'authorization: bearer …'],
  ])('%s', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
  });

  it('leaves what is no secret', () => {
    for (const text of ['/api/v1/runs/a/log?batchId=7', 'basic authentication', 'send `Authorization: Bearer TOKEN`']) {
      expect(withoutSecrets(text)).toBe(text);
    }
  });

  it.each(['?token', 'token', 'http://', 'bearer ', '/exports/', 'a'])(
    'takes time with the length, of many %s',
    (part) => {
      const took = (count: number) =>
        Math.min(
          ...[1, 2, 3].map(() => {
            const begin = performance.now();
            withoutSecrets(`?${part.repeat(count)}`);
            return performance.now() - begin;
          }),
        );
      // A hundred times for linear work, ten thousand for quadratic. Below a millisecond a clock tells nothing.
      expect(took(400_000)).toBeLessThan(1_000 * Math.max(1, took(4_000)));
    },
  );
});

it('keeps a line of the log one line of JSON, without secrets and controls', () => {
  const line = { event: 'fault', message: 'at\n\u001b[2J\u202e /wandb/uploads/abc.def', n: 1 };
  const text = logLine(line);
  expect(text).not.toMatch(/\p{Cc}|\u202e|abc\.def/u);
  expect(JSON.parse(text)).toEqual({ ...line, message: 'at\n\u001b[2J\u202e /wandb/uploads/…' });
});
