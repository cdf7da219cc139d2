import { parseExactJson } from '@rolloscope/contract/exactJson';
import { countControlTokens } from './controlTokens';
import { type CallNames, contentParts } from './messageParts';
import { isBlock, isMessage, type Message, readMessage } from './readMessage';
import type { Turn } from './Turn';

/**
 * The turns of a list of chat messages, as JSON text, in any of the shapes that `readMessage` knows; a bare list of a
 * message's blocks is what an assistant said. Undefined for anything else. What a message says is never read for turns,
 * whatever tokens it holds.
 */
export function parseMessages(text: string): Turn[] | undefined {
  if (!/^\s{0,99}\[\s{0,99}\{/.test(text)) {
    return undefined;
  }
  try {
    return toTurns(parseExactJson(text), text);
  } catch {
    // It is no JSON, or nested so deep that nothing can walk it.
    return undefined;
  }
}

function toTurns(messages: unknown, text: string): Turn[] | undefined {
  const callNames: CallNames = new Map();
  if (!Array.isArray(messages)) {
    return undefined;
  }
  if (messages.every(isBlock)) {
    return [toTurn({ role: 'assistant', parts: contentParts(messages, { isAssistant: true, callNames }) }, text)];
  }
  if (!messages.every(isMessage)) {
    return undefined;
  }
  const raws = sliceElements(text, messages.length);
  return messages.map((message, i) => toTurn(readMessage(message, callNames), raws[i] ?? ''));
}

function toTurn({ role, name, parts }: Message, raw: string): Turn {
  return {
    role,
    ...(name !== undefined && { name }),
    raw,
    text: parts.map((part) => part.open + part.text + part.close).join('\n'),
    parts,
    doubts: [],
    strayTokens: parts.reduce((sum, part) => sum + countControlTokens(part.text), 0),
  };
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
