import { isObject } from '@rolloscope/contract/isObject';
import { type CallNames, callPart, contentParts, type Json, resultPart, thinkPart } from './messageParts';
import { readName } from './readName';
import type { Part, TurnRole } from './Turn';

/** A message as it is read: its speaker, and what is said. */
export interface Message {
  role: TurnRole;
  name?: string;
  parts: Part[];
}

/** Items of OpenAI's Responses that are calls and answers of tools; others have a role, or are `reasoning`. */
const CALL_ITEM = /^([a-z_]+)_call$/;
const OUTPUT_ITEM = /_call_output$/;
const BLOCKS =
  /^(text|input_text|output_text|thinking|redacted_thinking|tool_use|server_tool_use|tool_result|image|document)$/;

/** Says whether a value is a message of one of the shapes that `readMessage` knows. */
export function isMessage(value: unknown): value is Json {
  if (!isObject(value)) {
    return false;
  }
  if (typeof value.role === 'string') {
    return ['content', 'tool_calls', 'parts'].some((key) => key in value);
  }
  return (typeof value.from === 'string' && 'value' in value) || isItem(value);
}

/** Says whether a value is a block of a message's content, as Anthropic's and OpenAI's answers have them. */
export const isBlock = (value: unknown): value is Json =>
  isObject(value) && value.role === undefined && typeof value.type === 'string' && BLOCKS.test(value.type);

const isItem = ({ type }: Json): boolean =>
  typeof type === 'string' && (type === 'reasoning' || CALL_ITEM.test(type) || OUTPUT_ITEM.test(type));

/**
 * A message of OpenAI's Chat (`role`, `content`, `tool_calls`, `reasoning_content`), of its Responses (items by `type`), of
 * Anthropic's (blocks by `type`), of Gemini's (`role`, `parts`), of Harmony's (`channel`, `recipient`) or of ShareGPT's
 * (`from`, `value`). `callNames` gathers the tools that are called, for those that answer.
 */
export function readMessage(message: Json, callNames: CallNames): Message {
  const speaker = message.role ?? message.from;
  if (typeof speaker !== 'string') {
    return readItem(message, callNames);
  }
  const { role, name: spoken } = readName(speaker);
  const called = callNames.get(String(message.tool_call_id ?? ''));
  const name = typeof message.name === 'string' ? message.name : (called ?? spoken);
  const content = contentParts(message.content ?? message.value ?? message.parts, {
    isAssistant: role === 'assistant',
    callNames,
  });
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const parts = [
    ...thinkPart(message.reasoning_content ?? message.reasoning ?? message.thinking),
    ...inChannel(message, content),
    ...calls.map((call) => callPart(call, callNames)),
  ];
  // Anthropic's and Gemini's tools answer in the user's name.
  const isAnswer = role === 'user' && parts.length > 0 && parts.every(({ kind }) => kind === 'result');
  return { role: isAnswer ? 'tool' : role, ...(name !== undefined && { name }), parts };
}

/** Harmony says by channel what is thinking, and by recipient what is a call. */
function inChannel({ channel, recipient }: Json, parts: Part[]): Part[] {
  const to = typeof recipient === 'string' && recipient !== 'all' ? recipient.replace(/^functions\./, '') : undefined;
  const turnInto = (kind: 'think' | 'call', name?: string) =>
    parts.map((part) => (part.kind === 'text' ? { ...part, kind, ...(name !== undefined && { name }) } : part));
  if (to !== undefined) {
    return turnInto('call', to);
  }
  return channel === 'analysis' ? turnInto('think') : parts;
}

function readItem(item: Json, callNames: CallNames): Message {
  const type = String(item.type);
  if (OUTPUT_ITEM.test(type)) {
    const parts = resultPart(item, item.output, callNames);
    const name = parts[0]?.name;
    return { role: 'tool', ...(name !== undefined && { name }), parts };
  }
  const kind = CALL_ITEM.exec(type)?.[1];
  if (kind !== undefined) {
    return { role: 'assistant', parts: [callPart(item, callNames, kind)] };
  }
  const { summary, content, text } = item;
  const hasSummary = Array.isArray(summary) ? summary.length > 0 : summary !== undefined;
  return {
    role: 'assistant',
    parts: [...thinkPart(content ?? text), ...(hasSummary ? thinkPart(summary, 'summary') : [])],
  };
}
