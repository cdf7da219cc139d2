import { StoreError } from '../../StoreError';
import { configValue, paramText } from '../configValue';
import { like } from './like';
import { readKey, type Searched, type SearchKey } from './searchKey';
import { Tokens } from './tokens';

/** Conditions of one filter. */
const MOST = 100;
/** Characters of a pattern, and of a text that is held against it. */
const LONGEST_PATTERN = 250;
const LONGEST_TEXT = 10_000;

const GRAMMAR =
  "The run store takes conditions joined by AND: of attributes, params, tags and metrics (`params.lr = '0.1'`), by =, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN, IS NULL and IS NOT NULL.";

type Value = string | number;
type Test = (value: Value | undefined) => boolean;

interface SearchFilter {
  keys: readonly SearchKey[];
  fits: (searched: Searched) => boolean;
}

/**
 * Reads one of MLflow's search filters: `attributes.run_name = 'x' and metrics.loss < 2`. As in MLflow, what has not the
 * key fits no condition on it but `IS NULL`. Throws `invalid_request` for what is no such filter, since to pass a
 * condition over would find the wrong run.
 */
export function searchFilter(filter: unknown, attributes: readonly string[]): SearchFilter {
  const tokens = new Tokens(typeof filter === 'string' ? filter : '', GRAMMAR);
  const tests: Array<{ key: SearchKey; test: Test }> = [];
  while (!tokens.isAtEnd) {
    if (tests.length > 0 && !tokens.takes('and')) {
      tokens.refuse();
    }
    const key = readKey(tokens, attributes);
    tests.push({ key, test: readTest(tokens, key) });
    if (tests.length > MOST) {
      throw new StoreError('invalid_request', `A search may have ${MOST} conditions.`);
    }
  }
  return {
    keys: tests.map(({ key }) => key),
    fits: (searched) => tests.every(({ key, test }) => test(searched(key))),
  };
}

function readTest(tokens: Tokens, key: SearchKey): Test {
  // Parameters are kept as what they are, and told as the store writes that: `0.0` is 0.
  const told = (text: string) => (key.kind === 'params' ? paramText(configValue(text)) : text);
  if (tokens.takes('is')) {
    const isNot = tokens.takes('not');
    return tokens.takes('null') ? (value) => (value === undefined) !== isNot : tokens.refuse();
  }
  const isNot = tokens.takes('not');
  const operator = tokens.take('sign', 'word')?.text.toLowerCase() ?? '';
  if (operator === 'in') {
    const list = new Set(readList(tokens).map(told));
    return (value) => value !== undefined && list.has(String(value)) !== isNot;
  }
  const isText = operator === 'like' || operator === 'ilike';
  if (!isText && (isNot || !Object.hasOwn(COMPARE, operator))) {
    tokens.refuse();
  }
  const { text, kind } = tokens.take('text', 'number') ?? tokens.refuse();
  if (!isText) {
    const compare = COMPARE[operator as keyof typeof COMPARE];
    const number = kind === 'number' ? Number(text) : Number.NaN;
    return (value) => value !== undefined && compare(value, typeof value === 'number' ? number : told(text));
  }
  if (text.length > LONGEST_PATTERN) {
    throw new StoreError('invalid_request', `A pattern may have ${LONGEST_PATTERN} characters.`);
  }
  const folded = (one: string) => (operator === 'ilike' ? one.toLowerCase() : one);
  const pattern = folded(text);
  return (value) => value !== undefined && like(folded(String(value).slice(0, LONGEST_TEXT)), pattern) !== isNot;
}

const COMPARE = {
  '=': (a: Value, b: Value) => a === b,
  '!=': (a: Value, b: Value) => a !== b,
  '<': (a: Value, b: Value) => a < b,
  '<=': (a: Value, b: Value) => a <= b,
  '>': (a: Value, b: Value) => a > b,
  '>=': (a: Value, b: Value) => a >= b,
};

function readList(tokens: Tokens): string[] {
  const list: string[] = [];
  if (!tokens.takes('(')) {
    tokens.refuse();
  }
  do {
    list.push((tokens.take('text', 'number') ?? tokens.refuse()).text);
  } while (tokens.takes(','));
  return tokens.takes(')') ? list : tokens.refuse();
}
