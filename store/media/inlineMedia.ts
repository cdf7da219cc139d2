import { isObject } from '../formats/readObject';
import type { Steps } from '../Turn';

/** The stand-in for data until it is known what they are: then it is a reference, or says why there is none. */
export type Slot = Record<string, unknown>;

/** Gets each text of base64 and whether it says that it is media; gives what is to stand in its place, if anything. */
type TakeData = (base64: string, isTold: boolean) => Slot | undefined;

/** Shorter ones hold no image. */
const LEAST_CHARS = 32;
const ADDRESS = /^data:(?:image|audio)\/[\w.+-]{1,100}(?:;[\w.=-]{1,100}){0,5};base64,/i;
/** The same within JSON as text, where a slash may be escaped, and as Python prints it. */
const IN_TEXT =
  /(["'])data:(?:image|audio)\\?\/[\w.+-]{1,100}(?:;[\w.=-]{1,100}){0,5};base64,([A-Za-z0-9+/=_\\-]*)\1/gi;
/** Data without an address, as OpenAI's `input_audio` and Anthropic's and Google's blocks have them. */
const DATA_FIELDS = ['data', 'b64_json'] as const;
const DATA_BESIDE = ['format', 'media_type', 'mime_type', 'mimeType'] as const;

/**
 * A cell with its inline media replaced by slots; the very same cell where it has none. What is written as JSON in a text
 * is left a text: what it becomes is told once the slots are filled, so it comes as a function.
 */
export function* withoutData(cell: unknown, take: TakeData): Steps<unknown> {
  if (typeof cell === 'string') {
    return textWithout(cell, take);
  }
  return typeof cell === 'object' && cell !== null ? yield* valueWithout(cell, take) : cell;
}

function textWithout(text: string, take: TakeData): unknown {
  const first = text.charCodeAt(0);
  if (first === D || first === D_LARGE) {
    const base64 = addressed(text);
    return (base64 !== undefined && take(base64, true)) || text;
  }
  if ((first !== BRACKET && first !== BRACE) || !text.includes(';base64,')) {
    return text;
  }
  const pieces: Array<string | Slot> = [];
  let end = 0;
  for (const match of text.matchAll(IN_TEXT)) {
    const slot = take((match[2] ?? '').replaceAll('\\', ''), true);
    if (slot) {
      pieces.push(text.slice(end, match.index), slot);
      end = match.index + match[0].length;
    }
  }
  pieces.push(text.slice(end));
  return pieces.length === 1
    ? text
    : () => pieces.map((piece) => (typeof piece === 'string' ? piece : JSON.stringify(piece))).join('');
}

const [D, D_LARGE, BRACKET, BRACE] = [...'dD[{'].map((char) => char.charCodeAt(0));

/** The base64 of a text that is an address of media and nothing else. */
function addressed(text: string): string | undefined {
  const begin = ADDRESS.exec(text)?.[0];
  return begin === undefined ? undefined : text.slice(begin.length);
}

function* valueWithout(value: object, take: TakeData): Steps<unknown> {
  let copy: Record<string, unknown> | unknown[] | undefined;
  const isData = isObject(value) && DATA_BESIDE.some((key) => typeof value[key] === 'string');
  // It is not walked by entries: lists of tokens are long.
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    const changed =
      typeof inner === 'string'
        ? innerText(inner, isData && (DATA_FIELDS as readonly string[]).includes(key), take)
        : typeof inner === 'object' && inner !== null
          ? yield* valueWithout(inner, take)
          : inner;
    if (changed !== inner) {
      copy ??= Array.isArray(value) ? [...value] : { ...value };
      (copy as Record<string, unknown>)[key] = changed;
    }
  }
  yield;
  return copy ?? value;
}

function innerText(text: string, isData: boolean, take: TakeData): unknown {
  if (text.length < LEAST_CHARS) {
    return text;
  }
  const base64 = text.charCodeAt(0) === D ? addressed(text) : undefined;
  return (base64 !== undefined ? take(base64, true) : isData ? take(text, false) : undefined) ?? text;
}
