import type { MetricValue } from '@rolloscope/contract/types';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Commas between thousands. */
const THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
/** A share as spreadsheets write it: `7.1%`. */
const PERCENT = /^[+-]?\d+(?:\.\d+)?%$/;
const WORDS: ReadonlyMap<string, MetricValue> = new Map<string, MetricValue>([
  ['nan', 'NaN'],
  ['inf', 'Infinity'],
  ['+inf', 'Infinity'],
  ['-inf', '-Infinity'],
  ['infinity', 'Infinity'],
  ['-infinity', '-Infinity'],
  ['true', 1],
  ['false', 0],
]);

/** The number that a text says, where a number is meant: `0.5`, `1,234`, `50%`, `nan`, `True`; undefined for any other text. */
export function numberOfText(text: string): MetricValue | undefined {
  if (text.length > 64) {
    return undefined;
  }
  const word = text.trim();
  if (NUMBER.test(word) || THOUSANDS.test(word)) {
    const number = Number(word.replaceAll(',', ''));
    return Number.isFinite(number) ? number : number > 0 ? 'Infinity' : '-Infinity';
  }
  return PERCENT.test(word) ? percent(word) : WORDS.get(word.toLowerCase());
}

/** Reads a share to as many digits as were written: 7.1% is 0.071. */
const percent = (word: string) => Number(`${word.slice(0, -1)}e-2`);
