import { parseExactJson } from '@rolloscope/contract/exactJson';
import { readableText } from '../../text/readableText';
import { findAnswer } from './findAnswer';

/** A reference that is longer is a text, and no answer to compare with. */
const LONGEST = 300;

/** The answers that a logged ground truth stands for: a number, a text, a solution that ends with one, or a list. */
export function referenceAnswers(groundTruth: unknown): string[] {
  const value = typeof groundTruth === 'string' ? fromJson(groundTruth) : groundTruth;
  if (Array.isArray(value)) {
    return value.flatMap(referenceAnswers);
  }
  if (typeof value === 'object' && value !== null) {
    const { target, ground_truth, answer } = value as Record<string, unknown>;
    return referenceAnswers(target ?? ground_truth ?? answer);
  }
  const text = readableText(value).trim();
  const found = findAnswer(text)?.text ?? text;
  return found === '' || found.length > LONGEST ? [] : [found];
}

function fromJson(text: string): unknown {
  if (!/^\s{0,9}[[{]/.test(text)) {
    return text;
  }
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

/**
 * Says whether two answers say the same, as far as a reader can tell without the reward function: equal as numbers, or
 * as texts but for LaTeX's dressing, blanks and capitals.
 */
export function compareAnswers(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (a === b) {
    return true;
  }
  const [x, y] = [toNumber(a), toNumber(b)];
  return x !== undefined && y !== undefined && Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y));
}

function plain(answer: string): string {
  return answer
    .replace(/\\(?:text|textbf|mathrm|mathbf|mbox) ?\{([^{}]*)\}/g, '$1')
    .replace(/\\[dt]frac/g, '\\frac')
    .replace(/\\(?:left|right|displaystyle|,|;|!|quad)/g, '')
    .replace(/\\?[$%]|\\\(|\\\)|\*\*|°|\^\\circ/g, '')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/\s+/g, '')
    .replace(/[.。]$/, '')
    .toLowerCase();
}

function toNumber(text: string): number | undefined {
  const fraction = /^(-?)\\frac\{(-?[\d.]+)\}\{(-?[\d.]+)\}$/.exec(text) ?? /^(-?)([\d.]+)\/([\d.]+)$/.exec(text);
  if (fraction) {
    return (Number(fraction[2]) / Number(fraction[3])) * (fraction[1] === '-' ? -1 : 1);
  }
  return /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
