import type { Span } from './Span';

/** Scripts by the code points of their letters; Latin and Greek are left out, which formulas and code are written in. */
const SCRIPTS: ReadonlyArray<readonly [name: string, ...ranges: ReadonlyArray<readonly [from: number, to: number]>]> = [
  ['Cyrillic', [0x0400, 0x052f]],
  ['Hebrew', [0x0590, 0x05ff]],
  ['Arabic', [0x0600, 0x06ff], [0x0750, 0x077f]],
  ['Indic', [0x0900, 0x0dff]],
  ['Thai', [0x0e00, 0x0e7f]],
  ['Hangul', [0x1100, 0x11ff], [0xac00, 0xd7af]],
  ['Chinese or Japanese', [0x3040, 0x30ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff]],
];
/** Letters of a script that is not the prompt's. */
const MANY = 12;
const BEYOND_LATIN = /[\u0400-\uffff]/;

/** A script by its place in the list, of each code below 0x10000; one look a character. */
const SCRIPT_OF = new Uint8Array(0x10000);
for (const [i, [, ...ranges]] of SCRIPTS.entries()) {
  for (const [from, to] of ranges) {
    SCRIPT_OF.fill(i + 1, from, to + 1);
  }
}

/** Letters by script, and where the first and last of each stand. */
function scriptsIn(text: string) {
  const found = SCRIPTS.map(() => ({ count: 0, start: 0, end: 0 }));
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const one = code < 0x400 ? undefined : found[(SCRIPT_OF[code] ?? 0) - 1];
    if (one) {
      one.start = one.count === 0 ? i : one.start;
      one.end = i + 1;
      one.count++;
    }
  }
  return found;
}

/** Text in a script that the prompt has no letter of. */
export function languageSwitch(text: string, prompt: string | null): Span | undefined {
  if (prompt === null || !BEYOND_LATIN.test(text)) {
    return undefined;
  }
  const [said, asked] = [scriptsIn(text), scriptsIn(prompt)];
  const i = said.findIndex(({ count }, script) => count >= MANY && asked[script]?.count === 0);
  const [found, name] = [said[i], SCRIPTS[i]?.[0]];
  return (
    found && {
      start: found.start,
      end: found.end,
      says: `Text in a script that the prompt has none of: ${found.count.toLocaleString('en')} letters of ${name}.`,
    }
  );
}
