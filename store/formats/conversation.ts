import { isObject } from './readObject';
import { splitTranscript } from './splitTranscript';

/** A rollout that is logged as one conversation, split into what was asked and what was answered. */
export interface Conversation {
  /** Equal for equal prompts, pictures and all; null where none is told, which tells no rollouts of one prompt. */
  promptKey: string | null;
  /** Prompt and response as texts, instructions of the system left out; null where nothing was asked, or answered. */
  prompt: string | null;
  response: string | null;
}

type Message = Record<string, unknown>;

/**
 * Splits a list of messages, or the text of one, or a text under a chat template. The answer is what the model said after
 * it was last asked: from the first message that is marked as `sampled`, else from the first turn of the assistant after
 * the last of a user, tools between them included. A text without turns is an answer; null for anything else.
 */
export function splitConversation(cell: unknown): Conversation | null {
  const messages = messagesIn(cell);
  if (messages) {
    const [from, to] = answerOf(messages);
    const asked = messages.slice(0, from);
    const questions = asked.filter((message) => !INSTRUCTING.has(roleOf(message) ?? ''));
    const prompt = textOf(questions) ?? textOf(asked);
    const promptKey = asked.length > 0 ? JSON.stringify(asked) : null;
    return { promptKey, prompt, response: textOf(messages.slice(from, to)) };
  }
  if (typeof cell !== 'string') {
    return null;
  }
  const { prompt, response } = splitTranscript(cell);
  return { promptKey: prompt, prompt, response };
}

/** Gives what a list of messages says, as one text; undefined for anything else. */
export function spokenText(cell: unknown): string | undefined {
  const messages = messagesIn(cell);
  return messages && (textOf(messages) ?? '');
}

/** Messages by OpenAI, Anthropic, Gemini or ShareGPT, or items of OpenAI's Responses. */
function messagesIn(cell: unknown): Message[] | undefined {
  const list = typeof cell === 'string' && /^\s*\[\s*\{/.test(cell) ? parsed(cell) : cell;
  return Array.isArray(list) && list.length > 0 && list.every((one) => isObject(one) && roleOf(one) !== undefined)
    ? (list as Message[])
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ITEM_ROLES = new Map([
  ['function_call', 'assistant'],
  ['reasoning', 'assistant'],
  ['function_call_output', 'tool'],
]);
const INSTRUCTING = new Set(['system', 'developer']);
const ASKING = new Set(['user', 'human', 'system', 'developer']);
const ANSWERING = new Set(['assistant', 'model', 'gpt', 'ai', 'bot']);

function roleOf({ role, from, type }: Message): string | undefined {
  const said = role ?? from ?? (typeof type === 'string' ? ITEM_ROLES.get(type) : undefined);
  return typeof said === 'string' ? said.toLowerCase() : undefined;
}

/** Anthropic's results of tools are turns of the user. */
function asks(message: Message): boolean {
  const { content } = message;
  const isResult = Array.isArray(content) && content.some((part) => isObject(part) && part.type === 'tool_result');
  return ASKING.has(roleOf(message) ?? '') && !isResult;
}

/** Finds where the answer begins, and where it ends, before a user who goes on: places in the list of messages. */
function answerOf(messages: readonly Message[]): [from: number, to: number] {
  const sampled = messages.findIndex((message) => message.sampled === true);
  if (sampled >= 0) {
    return [sampled, messages.length];
  }
  const last = messages.findLastIndex((message) => ANSWERING.has(roleOf(message) ?? ''));
  if (last < 0) {
    return [messages.length, messages.length];
  }
  const asked = messages.findLastIndex((message, i) => i < last && asks(message));
  const from = messages.findIndex((message, i) => i > asked && ANSWERING.has(roleOf(message) ?? ''));
  const next = messages.findIndex((message, i) => i > last && asks(message));
  return [from, next < 0 ? messages.length : next];
}

function textOf(messages: readonly Message[]): string | null {
  const texts = messages.map(messageText).filter((text) => text !== '');
  return texts.length === 0 ? null : texts.join('\n\n');
}

/** Thinking, content and calls of one message, in this order. */
function messageText(message: Message): string {
  const { reasoning_content, reasoning, thinking, content, value, parts, tool_calls } = message;
  const thought = [reasoning_content, reasoning, thinking].find((one) => typeof one === 'string' && one !== '');
  return [
    ...(thought === undefined ? [] : [`<think>${thought}</think>`]),
    partText(content ?? value ?? parts ?? (typeof message.type === 'string' ? message : null)),
    partText(tool_calls),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

const DEEPEST = 10;

/** A part of a message: its text, or what it is where it has none. */
function partText(part: unknown, depth = 0): string {
  if (typeof part === 'string') {
    return part;
  }
  if (Array.isArray(part)) {
    return part
      .map((one) => partText(one, depth + 1))
      .filter((text) => text !== '')
      .join('\n');
  }
  if (!isObject(part) || depth > DEEPEST) {
    return isObject(part) || part === null || part === undefined ? '' : String(part);
  }
  if (typeof part.thinking === 'string') {
    return `<think>${part.thinking}</think>`;
  }
  const call = isObject(part.function) ? part.function : isObject(part.functionCall) ? part.functionCall : part;
  if (typeof call.name === 'string') {
    const input = call.arguments ?? call.input ?? call.args ?? {};
    return `${call.name}(${typeof input === 'string' ? input : JSON.stringify(input)})`;
  }
  const inside = part.text ?? part.content ?? part.output ?? part.summary;
  return inside === undefined || inside === part
    ? `[${typeof part.type === 'string' ? part.type : 'part'}]`
    : partText(inside, depth + 1);
}
