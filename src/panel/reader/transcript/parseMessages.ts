import { countControlTokens } from './controlTokens';
import { readName } from './readName';
import { splitParts, textPart } from './splitParts';
import type { Part, Turn } from './Turn';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value, null, 2);

/**
 * The turns of a list of chat messages, as JSON text: OpenAI's shapes (`role`, `content` a string or parts,
 * `tool_calls`, `reasoning_content`) and ShareGPT's (`from`, `value`). Undefined for anything else. What a message
 * says is never read for turns, whatever tokens it holds.
 */
export function parseMessages(text: string): Turn[] | undefined {
  if (!/^\s{0,99}\[\s{0,99}\{/.test(text)) {
    return undefined;
  }
  let messages: unknown;
  try {
    messages = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(messages) || !messages.every(isMessage)) {
    return undefined;
  }
  const raws = sliceElements(text, messages.length);
  return messages.map((message, i) => toTurn(message, raws[i] ?? ''));
}

function isMessage(value: unknown): value is Json {
  return (
    isObject(value) &&
    ((typeof value.role === 'string' && ('content' in value || 'tool_calls' in value)) ||
      (typeof value.from === 'string' && 'value' in value))
  );
}

function toTurn(message: Json, raw: string): Turn {
  const speaker = readName(String(message.role ?? message.from));
  const own = typeof message.name === 'string' ? message.name : undefined;
  const name = own ?? speaker.name;
  const thinking = message.reasoning_content ?? message.reasoning ?? message.thinking;
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const parts = [
    ...(typeof thinking === 'string' && thinking !== ''
      ? [{ kind: 'think', open: '', text: thinking, close: '', isClosed: true } satisfies Part]
      : []),
    ...contentParts(message.content ?? message.value, speaker.role === 'assistant'),
    ...calls.map(callPart),
  ];
  return {
    role: speaker.role,
    ...(name !== undefined && { name }),
    raw,
    text: parts.map((part) => part.open + part.text + part.close).join('\n'),
    parts,
    doubts: [],
    strayTokens: parts.reduce((sum, part) => sum + countControlTokens(part.text), 0),
  };
}

function contentParts(content: unknown, isAssistant: boolean): Part[] {
  if (Array.isArray(content)) {
    return content.flatMap((part) => {
      if (isObject(part) && typeof part.text === 'string') {
        return contentParts(part.text, isAssistant);
      }
      const kind = isObject(part) && typeof part.type === 'string' ? part.type : 'part';
      return [{ ...textPart(typeof part === 'string' ? part : textOf(part)), kind: 'media' as const, name: kind }];
    });
  }
  const text = textOf(content);
  if (text === '') {
    return [];
  }
  return isAssistant ? splitParts(text) : [textPart(text)];
}

function callPart(call: unknown): Part {
  const made = isObject(call) && isObject(call.function) ? call.function : call;
  const name = isObject(made) && typeof made.name === 'string' ? made.name : undefined;
  const text = textOf(isObject(made) && 'arguments' in made ? made.arguments : made);
  return { kind: 'call', open: '', text, close: '', isClosed: true, ...(name !== undefined && { name }) };
}

/** The source of each element of a JSON list, with what stands before it; the last one has what stands behind. */
function sliceElements(text: string, count: number): string[] {
  const ends: number[] = [];
  let depth = 0;
  for (let i = 0; i < text.length && ends.length < count - 1; i++) {
    const character = text[i];
    if (character === '"') {
      i = stringEnd(text, i);
    } else if (character === '{' || character === '[') {
      depth++;
    } else if (character === '}' || character === ']') {
      depth--;
      if (depth === 1) {
        ends.push(i + 1);
      }
    }
  }
  return [...ends, text.length].map((end, i) => text.slice(ends[i - 1] ?? 0, end));
}

function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') {
      i++;
    } else if (text[i] === '"') {
      return i;
    }
  }
  return text.length;
}
