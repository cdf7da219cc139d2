import { isObject } from '../formats/readObject';
import { StoreError } from '../StoreError';

export interface Chunk {
  offset: number;
  content: string[];
}

/** A call of W&B's file stream; without anything in it, a sign of life. */
export interface StreamRequest {
  history?: Chunk;
  events?: Chunk;
  summary?: Chunk;
  console?: Chunk;
  preempting: boolean;
  /** The client's process is over, with this exit code. */
  exitCode?: number;
}

const FILES = {
  history: 'wandb-history.jsonl',
  events: 'wandb-events.jsonl',
  summary: 'wandb-summary.json',
  console: 'output.log',
} as const;

/** Throws `invalid_request`. Files that are not known, and fields that later clients may add, are passed over. */
export function streamRequest(body: unknown): StreamRequest {
  if (!isObject(body)) {
    throw new StoreError('invalid_request', 'The body must be an object.');
  }
  const { files = {}, complete, exitcode, preempting } = body;
  if (!isObject(files)) {
    throw new StoreError('invalid_request', 'files must be an object.');
  }
  const chunk = (part: keyof typeof FILES) => {
    const one = readChunk(files[FILES[part]], `files["${FILES[part]}"]`);
    return one && { [part]: one };
  };
  return {
    ...chunk('history'),
    ...chunk('events'),
    ...chunk('summary'),
    ...chunk('console'),
    preempting: preempting === true,
    ...(complete === true && { exitCode: Number.isSafeInteger(exitcode) ? Number(exitcode) : 0 }),
  };
}

function readChunk(value: unknown, where: string): Chunk | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!isObject(value)) {
    throw new StoreError('invalid_request', `${where} must be an object.`);
  }
  const { offset, content } = value;
  if (!Number.isSafeInteger(offset) || Number(offset) < 0) {
    throw new StoreError('invalid_request', `${where}.offset must be a whole number, 0 or more.`);
  }
  const lines = typeof content === 'string' ? [content] : content;
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) {
    throw new StoreError('invalid_request', `${where}.content must be a list of strings.`);
  }
  // Lines without a step are of their number.
  if (!Number.isSafeInteger(Number(offset) + lines.length)) {
    throw new StoreError('invalid_request', `${where}.offset is too large: the lines from there on cannot be counted.`);
  }
  return { offset: Number(offset), content: lines };
}
