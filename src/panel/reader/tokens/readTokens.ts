import { jsonCell } from '@rolloscope/contract/jsonCell';
import { mismatchNames } from '@rolloscope/contract/tokenMismatch';

/** One number of every token; null where a token has none. */
export interface TokenNumbers {
  name: string;
  values: ReadonlyArray<number | null>;
}

/** A response token by token, with the numbers that stand beside the texts. */
export interface Tokens {
  texts: readonly string[];
  /** No texts are logged: `texts` are the tokens' ids, as `#12`. */
  isNamedById?: true;
  numbers: readonly TokenNumbers[];
  /** Ids say which token it is, and are no amount. */
  ids?: TokenNumbers;
  /** 1 where a token counts in the loss, 0 where it does not. */
  mask?: TokenNumbers;
  /** The faults, in words: what of the cell is not shown as it was meant, and why. */
  faults: readonly string[];
}

/** The name of the number that says how much likelier the trainer finds a token than the engine that generated it. */
export const DIFFERENCE = 'trainer − engine';

const TEXT = /^(texts?|tokens?|token_(strs?|texts?)|strs?|pieces?)$/i;
const IDS = /(^|_)ids?$/i;
const MASK = /(^|_)masks?$/i;
/** JSON has no words for these, so that they come as texts. */
const NOT_FINITE: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/**
 * Reads a cell of per-token data: a list with an entry for each token (`[{text, logprob}, …]`, or texts alone), or lists
 * side by side (`{text: […], logprob: […]}`); as JSON text, too. Undefined for anything else. Nothing is guessed: what
 * does not fit is left out and named.
 */
export function readTokens(cell: unknown): Tokens | undefined {
  const value = jsonCell(cell);
  if (Array.isArray(value)) {
    return value.length > 0 ? fromLists(listsOf(value)) : undefined;
  }
  if (typeof value === 'object' && value !== null) {
    const lists = new Map(Object.entries(value));
    return [...lists.values()].some(Array.isArray) ? fromLists({ lists, faults: [] }) : undefined;
  }
  return undefined;
}

interface Lists {
  lists: ReadonlyMap<string, unknown>;
  faults: string[];
}

/** A list of entries as lists side by side. */
function listsOf(entries: readonly unknown[]): Lists {
  if (entries.every((entry) => typeof entry !== 'object' || entry === null)) {
    return {
      lists: new Map([[entries.some((entry) => typeof entry === 'string') ? 'text' : 'value', entries]]),
      faults: [],
    };
  }
  const lists = new Map<string, unknown[]>();
  let others = 0;
  entries.forEach((entry, i) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
      others++;
      return;
    }
    for (const [name, value] of Object.entries(entry)) {
      const list = lists.get(name) ?? Array.from({ length: entries.length }, () => null);
      list[i] = value;
      lists.set(name, list);
    }
  });
  return {
    lists,
    faults: others > 0 ? [`${of(others, entries.length, 'entries')} are no objects and have no text.`] : [],
  };
}

function fromLists({ lists, faults: before }: Lists): Tokens {
  const faults = [...before];
  const isList = ([, list]: readonly [string, unknown]) => Array.isArray(list);
  const logged = [...lists].find(([name, list]) => TEXT.test(name) && Array.isArray(list) && list.some(isText));
  const known = logged ? undefined : [...lists].find((entry) => IDS.test(entry[0]) && isList(entry));
  const text = logged ?? (known && (['', (known[1] as unknown[]).map(idText)] as const));
  if (known) {
    faults.push(`No texts of tokens are logged: each is shown by its number in ${shortName(known[0])}.`);
  }
  if (!text) {
    return {
      texts: [],
      numbers: [],
      faults: [...faults, `No list holds the tokens’ texts (one named text or token): only ${namesOf(lists)}.`],
    };
  }
  const [textName, list] = text as [string, unknown[]];
  const untold = list.filter((one) => !isText(one)).length;
  if (untold > 0) {
    faults.push(`${of(untold, list.length, 'entries')} of ${textName} are no texts and shown as empty tokens.`);
  }
  const numbers: TokenNumbers[] = [];
  for (const [name, values] of lists) {
    if (name === textName) {
      continue;
    }
    const read = readNumbers(name, values, list.length);
    faults.push(...read.faults);
    if (read.numbers) {
      numbers.push(read.numbers);
    }
  }
  const difference = differenceOf(numbers, lists, list.length, faults);
  const ids = numbers.find(({ name }) => IDS.test(name));
  const mask = numbers.find(
    ({ name, values }) => MASK.test(name) && values.every((value) => value === 0 || value === 1),
  );
  const unclear = numbers.filter((one) => MASK.test(one.name) && one !== mask);
  faults.push(
    ...unclear.map(({ name }) => `${name} does not hold 0 and 1 alone: it is shown as a number, not as a mask.`),
  );
  return {
    texts: list.map((one) => (isText(one) ? one : '')),
    ...(known && { isNamedById: true as const }),
    numbers: [...difference, ...numbers.filter((one) => one !== ids && one !== mask)],
    ...(ids && { ids }),
    ...(mask && { mask }),
    faults,
  };
}

/** A token has a difference where both numbers are there and it counts in the loss; none is no 0. */
function differenceOf(
  numbers: readonly TokenNumbers[],
  lists: ReadonlyMap<string, unknown>,
  count: number,
  faults: string[],
): TokenNumbers[] {
  const names = mismatchNames([...lists.keys()]);
  const valuesOf = (name: string | undefined) => numbers.find((one) => one.name === name)?.values;
  const [engine, trainer, mask] = [valuesOf(names?.engine), valuesOf(names?.trainer), valuesOf(names?.mask)];
  if (!names || !engine || !trainer) {
    return [];
  }
  const compared = [names.engine, names.trainer, ...(names.mask === undefined ? [] : [names.mask])];
  if (compared.some((name) => (lists.get(name) as unknown[]).length !== count)) {
    faults.push(
      `No difference of ${shortName(names.trainer)} and ${shortName(names.engine)} is shown: they are of other lengths.`,
    );
    return [];
  }
  const values = engine.map((one, i) => {
    const other = trainer[i] ?? null;
    const apart = one === null || other === null || mask?.[i] === 0 ? Number.NaN : other - one;
    return Number.isFinite(apart) ? apart : null;
  });
  return values.some((value) => value !== null) ? [{ name: DIFFERENCE, values }] : [];
}

const idText = (id: unknown): string => (typeof id === 'number' || typeof id === 'string' ? `#${id}` : '#?');

function readNumbers(name: string, values: unknown, count: number): { numbers?: TokenNumbers; faults: string[] } {
  const short = shortName(name);
  if (!Array.isArray(values)) {
    return { faults: [`${short} is no list and not shown.`] };
  }
  const length =
    values.length === count
      ? []
      : [
          `${short} has ${values.length.toLocaleString('en')} entries for ${count.toLocaleString('en')} tokens: it is shown as far as it goes, and nothing tells whether each is its token’s.`,
        ];
  const read = values.slice(0, count).map(toNumber);
  const wrong = read.indexOf(undefined);
  if (wrong >= 0) {
    return {
      faults: [`${short} is no list of numbers (entry ${wrong + 1} is ${kindOf(values[wrong])}) and not shown.`],
    };
  }
  const numbers = { name, values: Array.from({ length: count }, (_, i) => read[i] ?? null) };
  const odd = numbers.values.filter((value) => value !== null && !Number.isFinite(value)).length;
  return {
    numbers,
    faults: [
      ...length,
      ...(odd > 0 ? [`${of(odd, count, 'values')} of ${short} are not finite and have no colour.`] : []),
    ],
  };
}

/** Reads a number; returns undefined for what is no number, null for none. */
function toNumber(value: unknown): number | null | undefined {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === 'boolean') {
    return Number(value);
  }
  return typeof value === 'number' ? value : typeof value === 'string' ? NOT_FINITE[value] : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const shortName = (name: string) => (name.length > 40 ? `${name.slice(0, 40)}…` : name);
const of = (part: number, all: number, what: string) =>
  `${part.toLocaleString('en')} of ${all.toLocaleString('en')} ${what}`;
const kindOf = (value: unknown) =>
  typeof value === 'string' ? 'a text' : Array.isArray(value) ? 'a list' : 'an object';

function namesOf(lists: ReadonlyMap<string, unknown>): string {
  const names = [...lists.keys()].map(shortName);
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} …` : names.join(', ');
}
