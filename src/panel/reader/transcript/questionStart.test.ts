import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { questionStart } from './questionStart';
import { RENDERED } from './rendered.fixture';

const questionOf = (prompt: string) => prompt.slice(questionStart(prompt));

describe('questionStart', () => {
  it.each(RENDERED.filter(({ speakers }) => speakers[0] === 'system' && speakers.includes('user')))(
    'is behind the system prompt: $name',
    ({ prompt }) => {
      const at = questionStart(prompt);
      expect(at).toBeGreaterThan(0);
      expect(prompt.slice(at)).toMatch(/^What is 2\+2\?/);
    },
  );

  it('is behind what was said before', () => {
    const turn = (role: string, text: string) => `<|im_start|>${role}\n${text}<|im_end|>\n`;
    const prompt = turn('user', 'Hi') + turn('assistant', 'Hello!') + turn('user', 'And 2+2?');
    expect(questionOf(`${prompt}<|im_start|>assistant\n`)).toMatch(/^And 2\+2\?<\|im_end\|>/);
  });

  it.each(['What is 2+2?', '<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n', '', '[{"role":"user"'])(
    'is the beginning where nothing comes before it: %s',
    (prompt) => expect(questionStart(prompt)).toBe(0),
  );

  it('is within any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(questionStart(text)).toBeGreaterThanOrEqual(0);
        expect(questionStart(text)).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
