import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseMessages } from './parseMessages';

/** Who says what, as `role[/name]: kind[/name] text`. */
function said(messages: unknown): string[] | undefined {
  return parseMessages(JSON.stringify(messages))?.flatMap(({ role, name, parts }) =>
    parts.map((part) => {
      const labelled = (word: string, label: string | undefined) => (label === undefined ? word : `${word}/${label}`);
      return `${labelled(role, name)}: ${labelled(part.kind, part.name)} ${part.text}`;
    }),
  );
}

it('reads Anthropic blocks: thinking, calls by name, and what the tools answered', () => {
  expect(
    said([
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'three things', signature: 'c2ln' },
          { type: 'redacted_thinking', data: 'x' },
          { type: 'text', text: 'Let me look again.' },
          { type: 'tool_use', id: 't1', name: 'zoom', input: { factor: 2 } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'blurry' }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't1', is_error: true, content: [{ type: 'text', text: 'no' }] },
          { type: 'text', text: 'Go on.' },
        ],
      },
    ]),
  ).toEqual([
    'user: text Look.',
    'assistant: think three things',
    'assistant: think/redacted x',
    'assistant: text Let me look again.',
    'assistant: call/zoom {\n  "factor": 2\n}',
    'tool: result/zoom blurry',
    'user: result/zoom, failed no',
    'user: text Go on.',
  ]);
});

it('reads items of OpenAI Responses', () => {
  expect(
    said([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is the weather?' }] },
      { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'ask the tool' }] },
      { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Bern"}' },
      { type: 'function_call_output', call_id: 'c1', output: 'sunny' },
      { type: 'web_search_call', id: 'w', action: { query: 'x' } },
      { role: 'assistant', type: 'message', content: [{ type: 'output_text', text: 'Sunny.', annotations: [] }] },
    ]),
  ).toEqual([
    'user: text What is the weather?',
    'assistant: think/summary ask the tool',
    'assistant: call/weather {"city":"Bern"}',
    'tool/weather: result/weather sunny',
    'assistant: call/web_search {\n  "query": "x"\n}',
    'assistant: text Sunny.',
  ]);
});

it('reads Gemini parts', () => {
  expect(
    said([
      { role: 'user', parts: [{ text: 'Hi' }, { inlineData: { mimeType: 'image/png', data: 'aGk=' } }] },
      { role: 'model', parts: [{ text: 'hm', thought: true }, { functionCall: { name: 'f', args: { a: 1 } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { b: 2 } } }] },
    ])?.map((line) => line.replace(/\s+/g, ' ')),
  ).toEqual([
    'user: text Hi',
    'user: media/inlineData { "inlineData": { "mimeType": "image/png", "data": "aGk=" } }',
    'assistant: think hm',
    'assistant: call/f { "a": 1 }',
    'tool: result/f { "b": 2 }',
  ]);
});

it('reads Harmony messages: what is analysed is thinking, what is said to a tool is a call', () => {
  const assistant = (more: object, text: string) => ({ role: 'assistant', ...more, content: [{ type: 'text', text }] });
  expect(
    said([
      { role: 'user', content: 'q' },
      assistant({ channel: 'analysis' }, 'hm'),
      assistant({ channel: 'commentary', recipient: 'functions.get' }, '{"x":1}'),
      { role: 'tool', name: 'functions.get', content: [{ type: 'text', text: '7' }] },
      assistant({ channel: 'final' }, '7'),
    ]),
  ).toEqual([
    'user: text q',
    'assistant: think hm',
    'assistant: call/get {"x":1}',
    'tool/functions.get: text 7',
    'assistant: text 7',
  ]);
});

it('reads calls that are JSON texts, and names who answers them', () => {
  const call = JSON.stringify({
    id: 'c1',
    type: 'function',
    function: { name: 'call_python', arguments: '{"code":"1"}' },
  });
  expect(
    said([
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'found <b>3</b>' }] },
      { role: 'assistant', content: [{ type: 'reasoning', reasoning: 'hmm' }], tool_calls: ['no JSON', '{"broken'] },
    ]),
  ).toEqual([
    'assistant: call/call_python {"code":"1"}',
    'tool/call_python: text found <b>3</b>',
    'assistant: think hmm',
    'assistant: call no JSON',
    'assistant: call {"broken',
  ]);
});

it('names media, and counts their data instead of showing it', () => {
  const url = `data:image/png;base64,${'iVBORw0KGgo'.repeat(100)}`;
  const [line = ''] = said([{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }]) ?? [];
  expect(line).toMatch(/^user: media\/image_url/);
  expect(line).toContain('image/png, 1,122 characters of base64');
  expect(line.length).toBeLessThan(200);
  const small = { type: 'input_audio', input_audio: { data: 'data:audio/wav;base64,UklGRg==', format: 'wav' } };
  expect(said([{ role: 'user', content: [small] }])?.join()).toContain('audio/wav, 30 characters of base64');
});

it('takes a bare list of blocks for what an assistant said, and no other list', () => {
  expect(
    said([
      { type: 'text', text: 'a' },
      { type: 'tool_use', name: 'f', input: {} },
    ]),
  ).toEqual(['assistant: text a', 'assistant: call/f {}']);
  for (const list of [[{ a: 1 }], [{ type: 'point' }], [{ role: 'user' }], [{ role: 'user', content: 'x' }, 7]]) {
    expect(said(list)).toBeUndefined();
  }
});

it('reads any message without a fault, and keeps the whole source', () => {
  const key = fc.constantFrom('role', 'content', 'type', 'text', 'name', 'parts', 'input', 'output', 'summary', 'id');
  const word = fc.constantFrom('user', 'tool_result', 'reasoning', 'function_call', 'a_call_output', 'thinking', 'x');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.constant(null),
      fc.integer(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const message = fc.dictionary(key, value).map((one) => ({ role: 'assistant', content: [], ...one }));
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), (messages) => {
      const text = JSON.stringify(messages);
      const turns = parseMessages(text);
      expect(turns === undefined || turns.map(({ raw }) => raw).join('') === text).toBe(true);
    }),
  );
});
