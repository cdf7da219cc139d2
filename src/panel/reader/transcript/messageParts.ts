import { parseExactJson } from '@rolloscope/contract/exactJson';
import { isObject } from '@rolloscope/contract/isObject';
import { findMedia } from '../../media/findMedia';
import { splitParts, textPart } from './splitParts';
import type { Part } from './Turn';

export type Json = Record<string, unknown>;

/** Names of the tools that were called so far, by the id of the call: answers name the id alone. */
export type CallNames = Map<string, string>;

/** The facts beside a message's content that reading it takes. */
interface Speech {
  /** Only a model's text is looked through for thinking, answers and calls. */
  isAssistant: boolean;
  callNames: CallNames;
}

/** Characters of a word without blanks from which it can only be data, such as an image in base64. */
const DATA_CHARS = 200;
/** An address that says that it is data is, however short. */
const DATA = new RegExp(
  `data:[\\w.+/-]{1,99};base64,[A-Za-z0-9+/_-]+={0,2}|[A-Za-z0-9+/_-]{${DATA_CHARS},}={0,2}`,
  'g',
);

/** A value for reading: data in base64 is named and counted, since nobody reads it; `raw` has it whole. */
const readable = (text: string): string =>
  text.replace(DATA, (data) => {
    const kind = /^data:([^;]+);/.exec(data)?.[1];
    return `${kind === undefined ? '' : `${kind}, `}${data.length.toLocaleString('en')} characters of base64`;
  });

const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** A text as it is, anything else as JSON; nothing for what is not there. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value, null, 2);

const whole = (kind: Part['kind'], text: string, name?: string): Part => ({
  kind,
  open: '',
  text,
  close: '',
  isClosed: true,
  ...(name !== undefined && name !== '' && { name }),
});

/** Thinking that came in a field or a block of its own; nothing where it is empty. */
export function thinkPart(value: unknown, name?: string): Part[] {
  const text = joinedText(value);
  return text === '' ? [] : [whole('think', text, name)];
}

/**
 * A call of a tool, in whatever shape: OpenAI's (`function: {name, arguments}`), Anthropic's (`name`, `input`), Gemini's
 * (`name`, `args`), or any of them as JSON text.
 */
export function callPart(call: unknown, callNames: CallNames, otherwise?: string): Part {
  const made = parsedObject(call) ?? call;
  if (!isObject(made)) {
    return whole('call', textOf(made), otherwise);
  }
  const called = isObject(made.function) ? made.function : made;
  const name = stringOf(called.name) ?? stringOf(made.name) ?? otherwise;
  const id = stringOf(made.call_id) ?? stringOf(made.id);
  if (id !== undefined && name !== undefined) {
    callNames.set(id, name);
  }
  const given = ['arguments', 'input', 'args', 'action'].find((key) => key in called);
  return whole('call', readable(textOf(given === undefined ? called : called[given])), name);
}

/** Makes parts of what a tool answered, under the name by which it was called. */
export function resultPart(answer: Json, content: unknown, callNames: CallNames): Part[] {
  const id = [answer.tool_use_id, answer.tool_call_id, answer.call_id, answer.id].map(stringOf).find(Boolean);
  const name = stringOf(answer.name) ?? callNames.get(id ?? '');
  const failed = answer.is_error === true ? [name ?? 'tool', 'failed'].join(', ') : name;
  const texts = Array.isArray(content) ? content : [content];
  const media = texts.filter((one) => isObject(one) && stringOf(one.text) === undefined && 'type' in one);
  const text = texts
    .filter((one) => !media.includes(one))
    .map((one) => (isObject(one) && typeof one.text === 'string' ? one.text : readable(textOf(one))))
    .join('\n');
  return [whole('result', text, failed), ...media.map((one) => mediaPart(one as Json))];
}

/** The parts of a message's content: a text, or blocks of OpenAI's, Anthropic's or Gemini's kinds. */
export function contentParts(content: unknown, speech: Speech): Part[] {
  if (Array.isArray(content)) {
    return content.flatMap((block) => (isObject(block) ? blockParts(block, speech) : contentParts(block, speech)));
  }
  const text = textOf(content);
  if (text === '') {
    return [];
  }
  return speech.isAssistant ? splitParts(text) : [textPart(text)];
}

function blockParts(block: Json, speech: Speech): Part[] {
  const { callNames } = speech;
  if (isObject(block.functionCall)) {
    return [callPart(block.functionCall, callNames)];
  }
  if (isObject(block.functionResponse)) {
    return resultPart(block.functionResponse, block.functionResponse.response, callNames);
  }
  switch (block.type) {
    case 'thinking':
      return thinkPart(block.thinking);
    case 'redacted_thinking':
      return [whole('think', readable(textOf(block.data)), 'redacted')];
    case 'reasoning':
    case 'reasoning_text':
    case 'summary_text':
      return thinkPart(block.reasoning ?? block.text ?? block.content ?? block.summary);
    case 'tool_use':
    case 'server_tool_use':
    case 'tool_call':
    case 'function_call':
      return [callPart(block, callNames)];
    case 'tool_result':
    case 'web_search_tool_result':
      return resultPart(block, block.content, callNames);
  }
  if (typeof block.text === 'string') {
    return block.thought === true ? thinkPart(block.text) : contentParts(block.text, speech);
  }
  return typeof block.refusal === 'string' ? [textPart(block.refusal)] : [mediaPart(block)];
}

/** An image, a sound or a file: named by its type; what the store keeps of it is shown. */
function mediaPart(block: Json): Part {
  const kind = stringOf(block.type) ?? Object.keys(block)[0] ?? 'part';
  const found = findMedia(block);
  return { ...whole('media', readable(textOf(block)), kind), ...(found && { found }) };
}

/** A text, or the texts of a list of blocks, one below the other. */
function joinedText(value: unknown): string {
  if (!Array.isArray(value)) {
    return textOf(value);
  }
  return value.map((one) => (isObject(one) ? textOf(one.text ?? one) : textOf(one))).join('\n');
}

function parsedObject(value: unknown): Json | undefined {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) {
    return undefined;
  }
  try {
    const parsed: unknown = parseExactJson(value);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
