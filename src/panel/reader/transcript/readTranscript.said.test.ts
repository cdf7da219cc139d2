import { expect, it } from 'vitest';
import { readTranscript } from './readTranscript';

const messages = [
  { role: 'user', content: 'Write it.' },
  { role: 'assistant', content: 'Done.' },
];
const sectionsOf = (said: Parameters<typeof readTranscript>[0]) => readTranscript(said).map(({ of }) => of);

it('reads a question that stands beside the conversation in that alone', () => {
  expect(sectionsOf({ messages, prompt: 'Write it.', response: 'Done.' })).toEqual(['messages']);
  expect(sectionsOf({ messages: messages.slice(0, 1), response: 'Done.' })).toEqual(['messages', 'response']);
  expect(sectionsOf({ messages, prompt: 'Something else.' })).toEqual(['messages', 'prompt']);
  expect(sectionsOf({ prompt: 'Write it.', response: 'Write it.' })).toEqual(['prompt', 'response']);
});
