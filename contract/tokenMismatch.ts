import { jsonCell } from './jsonCell';

/** The distance between the log probabilities of the engine that generated and those of the trainer, over a rollout. */
export interface Mismatch {
  mean: number;
  max: number;
  /** Tokens that both of them tell, and that count in the loss. */
  tokens: number;
}

/** Lists of a cell of per-token data, by what they are; the first that is there has it. Compared ignoring case and `_`. */
const ENGINE = [
  'enginelogprob',
  'generationlogprob',
  'rolloutlogprob',
  'samplinglogprob',
  'samplerlogprob',
  'inferencelogprob',
  'behaviorlogprob',
  'logprob',
];
const TRAINER = ['trainerlogprob', 'traininglogprob', 'trainlogprob', 'prevlogprob', 'oldlogprob'];
const MASK = ['mask', 'lossmask', 'tokenlossmask', 'responsemask'];

/** `rollout_log_probs`, `rolloutLogprob` and the like are one name. */
const wordOf = (name: string) => name.toLowerCase().replaceAll('_', '').replace(/s$/, '');

/** Finds the lists of a cell of per-token data to compare, by name; undefined where one of the two is missing. */
export function mismatchNames(
  names: readonly string[],
): { engine: string; trainer: string; mask?: string } | undefined {
  const byWord = new Map([...names].reverse().map((name) => [wordOf(name), name]));
  const named = (words: readonly string[]) => byWord.get(words.find((word) => byWord.has(word)) ?? '');
  const [engine, trainer, mask] = [named(ENGINE), named(TRAINER), named(MASK)];
  return engine === undefined || trainer === undefined
    ? undefined
    : { engine, trainer, ...(mask !== undefined && { mask }) };
}

/**
 * The mismatch of a cell of the role `tokens`: lists side by side, or an object a token. A token counts where its mask,
 * if there is one, is not 0, and both log probabilities are finite numbers: an absent one is no 0. Undefined where no
 * token does, and where the lists are of unequal length, since nothing tells then which belong together.
 */
export function readMismatch(cell: unknown): Mismatch | undefined {
  const lists = listsOf(cell);
  const named = (words: readonly string[]) => {
    const found = words.map((word) => lists?.get(word)).find((list) => list !== undefined);
    return found;
  };
  const [engine, trainer, mask] = [named(ENGINE), named(TRAINER), named(MASK)];
  if (!engine || !trainer || engine.length !== trainer.length || (mask && mask.length !== engine.length)) {
    return undefined;
  }
  let [sum, max, tokens] = [0, 0, 0];
  for (let i = 0; i < engine.length; i++) {
    const [one, other] = [engine[i], trainer[i]];
    const isMasked = mask?.[i] === 0 || mask?.[i] === false;
    if (!isMasked && typeof one === 'number' && typeof other === 'number') {
      const apart = Math.abs(one - other);
      if (Number.isFinite(apart)) {
        sum += apart;
        max = Math.max(max, apart);
        tokens++;
      }
    }
  }
  return tokens === 0 ? undefined : { mean: sum / tokens, max, tokens };
}

/** Returns a cell's lists by word, with nulls where an entry has none; undefined for what is no list or object. */
function listsOf(cell: unknown): Map<string, unknown[]> | undefined {
  const value = jsonCell(cell);
  if (Array.isArray(value)) {
    return listsOfEntries(value);
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  return new Map(lists.reverse().map(([name, list]) => [wordOf(name), list]));
}

const WORDS: ReadonlySet<string> = new Set([...ENGINE, ...TRAINER, ...MASK]);

function listsOfEntries(entries: readonly unknown[]): Map<string, unknown[]> {
  const lists = new Map<string, unknown[]>();
  const words = new Map<string, string>();
  for (const [i, entry] of entries.entries()) {
    if (typeof entry !== 'object' || entry === null) {
      continue;
    }
    for (const [name, value] of Object.entries(entry)) {
      const word = words.get(name) ?? wordOf(name);
      if (!WORDS.has(word)) {
        continue;
      }
      words.set(name, word);
      const list = lists.get(word) ?? new Array<unknown>(entries.length).fill(null);
      list[i] = value;
      lists.set(word, list);
    }
  }
  return lists;
}
