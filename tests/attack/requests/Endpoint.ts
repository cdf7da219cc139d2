import { ERRORS } from '@rolloscope/contract';
import type fc from 'fast-check';
import type { WireAnswer, WireRequest } from './WireRequest';

/** What requests are drawn for, and how its answers are judged. */
export interface Endpoint {
  name: string;
  requests: fc.Arbitrary<WireRequest>;
  /** What is wrong with an answer, in words; undefined when nothing is. Statuses of 500 and more never get here. */
  judge(answer: WireAnswer, request: WireRequest): string | undefined;
}

/** The body as JSON, or undefined. */
export function jsonOf({ text }: WireAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const STACK = /\n\s+at |node_modules|\.[jt]s:\d/;

/** What is wrong with a refusal in the contract's shape. `codes`: those that are foreseen, or any. */
export function judgeRefusal(answer: WireAnswer, codes?: readonly string[]): string | undefined {
  const { error } = (jsonOf(answer) ?? {}) as { error?: { code?: string; message?: string } };
  const { code = '', message = '' } = error ?? {};
  if (!Object.hasOwn(ERRORS, code)) {
    return `status ${answer.status} without a known code`;
  }
  if (ERRORS[code as keyof typeof ERRORS].status !== answer.status) {
    return `the code ${code} with the status ${answer.status}`;
  }
  if (codes && !codes.includes(code)) {
    return `the code ${code}, which is not among those of this call`;
  }
  if (message.length <= 10 || STACK.test(message)) {
    return `a message that does not say what failed: ${JSON.stringify(message.slice(0, 200))}`;
  }
  return undefined;
}

/** Names and ids as they stand in a path. */
export const inPath = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

export const JSON_HEADERS = { 'content-type': 'application/json' };
