import { expect, it } from 'vitest';
import { splitConversation, spokenText } from './conversation';

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown, more: object = {}) => ({ role: 'assistant', content, ...more });
const split = (cell: unknown) => {
  const found = splitConversation(cell);
  return found && [found.prompt, found.response];
};
const call = { id: 'c', type: 'function', function: { name: 'search', arguments: '{"q": "x"}' } };

it.each([
  ['one answer', [{ role: 'system', content: 'Add.' }, user('1+1?'), assistant('2')], ['1+1?', '2']],
  ['worked examples before the question', [user('a'), assistant('b'), user('c'), assistant('d')], ['a\n\nb\n\nc', 'd']],
  [
    'an answer of several turns, with a tool between',
    [user('q'), assistant(null, { tool_calls: [call] }), { role: 'tool', content: 'found' }, assistant('a')],
    ['q', 'search({"q": "x"})\n\nfound\n\na'],
  ],
  ['a user who goes on', [user('q'), assistant('a'), user('thanks')], ['q', 'a']],
  ['no answer', [user('q')], ['q', null]],
  ['only instructions', [{ role: 'system', content: 's' }, assistant('a')], ['s', 'a']],
  [
    'thinking beside the content',
    [user('q'), assistant('a', { reasoning_content: 'hm' })],
    ['q', '<think>hm</think>\na'],
  ],
  [
    'what is marked as sampled',
    [user('q'), assistant('a', { sampled: true }), user('no'), assistant('b', { sampled: true })],
    ['q', 'a\n\nno\n\nb'],
  ],
  [
    "Anthropic's blocks, where results of tools are turns of the user",
    [
      user([{ type: 'text', text: 'q' }]),
      assistant([
        { type: 'thinking', thinking: 'hm' },
        { type: 'tool_use', id: 't', name: 'run', input: { a: 1 } },
      ]),
      user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'r' }] }]),
      assistant([{ type: 'text', text: 'a' }]),
    ],
    ['q', '<think>hm</think>\nrun({"a":1})\n\nr\n\na'],
  ],
  [
    "items of OpenAI's Responses",
    [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'q' }] },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      { type: 'function_call', name: 'f', arguments: '{}', call_id: 'c' },
      { type: 'function_call_output', call_id: 'c', output: 'r' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] },
    ],
    ['q', 'hm\n\nf({})\n\nr\n\na'],
  ],
  [
    'ShareGPT',
    [
      { from: 'human', value: 'q' },
      { from: 'gpt', value: 'a' },
    ],
    ['q', 'a'],
  ],
  [
    'Gemini',
    [
      { role: 'user', parts: [{ text: 'q' }] },
      { role: 'model', parts: [{ text: 'a' }] },
    ],
    ['q', 'a'],
  ],
  ['the JSON text of messages', JSON.stringify([user('q'), assistant('a')]), ['q', 'a']],
  [
    'ChatML',
    '<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\na',
    ['<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n', 'a'],
  ],
  ['a template without its special tokens', 'user\nq\nassistant\na', ['user\nq\nassistant\n', 'a']],
  [
    'Llama 3',
    '<|start_header_id|>user<|end_header_id|>\n\nq<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\na',
    [expect.stringMatching(/assistant<\|end_header_id\|>\n\n$/), 'a'],
  ],
  [
    'Qwen, whose tools answer in a turn of the user',
    '<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\nc<|im_end|>\n<|im_start|>user\n<tool_response>r<|im_end|>\n<|im_start|>assistant\na',
    [expect.stringMatching(/q<\|im_end\|>\n<\|im_start\|>assistant\n$/), expect.stringMatching(/^c<[\s\S]*a$/)],
  ],
  [
    "SkyRL's blocks, where the environment goes on between turns",
    '[USER]\nq\n\n[ASSISTANT]\na\n\n[USER/TOOL]\nr\n\n[ASSISTANT]\nb',
    ['[USER]\nq\n\n[ASSISTANT]\n', 'a\n\n[USER/TOOL]\nr\n\n[ASSISTANT]\nb'],
  ],
  ['a text of no template', 'hello', [null, 'hello']],
  ['something else', { a: 1 }, null],
  ['a number', 7, null],
])('splits %s', (_, cell, expected) => {
  expect(split(cell)).toEqual(expected);
});

it('tells prompts apart that differ in a picture alone, and not those that differ in the answer', () => {
  const asked = (url: string) =>
    user([
      { type: 'image_url', image_url: { url } },
      { type: 'text', text: 'What is it?' },
    ]);
  const key = (url: string, answer: string) => splitConversation([asked(url), assistant(answer)])?.promptKey;
  expect(key('data:a', 'x')).not.toBe(key('data:b', 'x'));
  expect(key('data:a', 'x')).toBe(key('data:a', 'y'));
  expect(split([asked('data:a'), assistant('x')])).toEqual(['[image_url]\nWhat is it?', 'x']);
});

it.each([['hello'], [[assistant('hello')]]])('rollouts without a prompt are not of one prompt: %j', (cell) => {
  expect(splitConversation(cell)?.promptKey).toBeNull();
});

it('does not lose itself in what is nested, and reads a long transcript in a moment', () => {
  let deep: unknown = 'x';
  for (let i = 0; i < 5_000; i++) {
    deep = [{ content: deep }];
  }
  expect(spokenText([assistant(deep)])).toBe('');
  const long = `${'<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n<think>\n'.repeat(20_000)}end`;
  expect(split(long)?.[1]).toBe('<think>\nend');
});
