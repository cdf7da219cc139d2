import { splitParts } from '../transcript/splitParts';

export interface FoundAnswer {
  text: string;
  /** The notation that it was found by, as one writes it. */
  by: string;
}

/** Answers are looked for in the last part of a text. */
const TAIL = 20_000;
const LINES: ReadonlyArray<readonly [by: string, pattern: RegExp]> = [
  ['####', /^#### ?(\S.{0,200}?)\s*$/gm],
  ['A:', /^(?:A|Answer|Final answer|\*\*(?:Final )?Answer:?\*\*):? {0,3}(\S.{0,200}?)\s*$/gim],
  ['“the answer is”', /\bthe (?:final )?answer is:? {0,3}(\S.{0,80}?)\.?\s*$/gim],
];

/**
 * The final answer of a response or of a reference solution: the last `\boxed{}` or `<answer>`, else a line that says
 * so. What stands in a thinking part does not count.
 */
export function findAnswer(text: string): FoundAnswer | undefined {
  const parts = splitParts(text);
  const tagged = parts.filter(({ kind }) => kind === 'answer').at(-1);
  if (tagged) {
    const inner = lastBoxed(tagged.text) ?? tagged.text;
    return { text: inner.trim().slice(0, 500), by: tagged.open };
  }
  const said = parts
    .filter(({ kind }) => kind === 'text')
    .map((part) => part.text)
    .join('\n')
    .slice(-TAIL);
  const boxed = lastBoxed(said);
  if (boxed !== undefined) {
    return { text: boxed.trim(), by: '\\boxed{}' };
  }
  for (const [by, pattern] of LINES) {
    const found = [...said.matchAll(pattern)].at(-1)?.[1];
    if (found !== undefined) {
      return { text: found.trim(), by };
    }
  }
  return undefined;
}

/** Returns what the last `\boxed{…}` holds, whose braces nest; undefined where there is none that closes. */
function lastBoxed(text: string): string | undefined {
  const match = [...text.slice(-TAIL).matchAll(/\\f?boxed ?\{/g)].at(-1);
  if (!match) {
    return undefined;
  }
  const tail = text.slice(-TAIL);
  const from = match.index + match[0].length;
  let depth = 1;
  for (let i = from; i < tail.length && i < from + 1_000; i++) {
    const character = tail[i];
    if (character === '\\') {
      i++;
    } else if (character === '{') {
      depth++;
    } else if (character === '}' && --depth === 0) {
      return tail.slice(from, i);
    }
  }
  return undefined;
}
