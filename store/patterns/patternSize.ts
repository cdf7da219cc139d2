/** Steps of a class of Unicode's: hundreds of ranges, of which those that begin alike are looked at together. */
const UNICODE_CLASS = 4;
/** A longer one is not looked through: it has as many steps at least as a text has that it is for. */
const MOST_CHARS = 10_000;
/** RE2 repeats no more often; beyond that the pattern is not valid, which its engine says better. */
const MOST_REPEATS = 1_000;

/**
 * Counts, about, the steps of the program that RE2 makes of a pattern: each may have to be looked at for each character
 * of a text, so this times the text's length is what a search may take. Repetitions count as often as they repeat. It
 * is told in one walk over the pattern, without compiling it; of a pattern that is not valid it is any number.
 */
export function patternSize(pattern: string): number {
  if (pattern.length > MOST_CHARS) {
    return pattern.length;
  }
  // Each open group counts its alternatives so far, this one, and the last thing, which a repetition is of.
  const groups: Group[] = [{ alternatives: 0, sequence: 0, last: 0 }];
  const top = () => groups.at(-1) as Group;
  const add = (size: number) => {
    const group = top();
    group.sequence += group.last;
    group.last = size;
  };
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at];
    const repeat = char === '{' ? REPEAT.exec(pattern.slice(at, at + 12)) : null;
    if (repeat) {
      const group = top();
      group.last = repeated(group.last, Number(repeat[1]), repeat[2] === undefined ? undefined : repeat[3]);
      at += repeat[0].length;
    } else if (char === '*' || char === '+' || char === '?') {
      // What may match nothing is repeated at will with a step more.
      top().last += char === '*' ? 2 : 1;
      at++;
    } else if (char === '(') {
      groups.push({ alternatives: 0, sequence: 0, last: 0 });
      at += FLAGS.exec(pattern.slice(at, at + 300))?.[0].length ?? 1;
    } else if (char === ')' && groups.length > 1) {
      // A group that is captured begins and ends with a step of its own.
      add(whole(groups.pop() as Group) + 2);
      at++;
    } else if (char === '|') {
      const group = top();
      group.alternatives = whole(group) + 1;
      group.sequence = 0;
      group.last = 0;
      at++;
    } else if (char === '[') {
      const end = classEnd(pattern, at);
      add(/\\[pP]/.test(pattern.slice(at, end)) ? UNICODE_CLASS : 1);
      at = end;
    } else if (pattern.startsWith('\\Q', at)) {
      const end = pattern.indexOf('\\E', at);
      const text = pattern.slice(at + 2, end < 0 ? undefined : end);
      top().sequence += top().last + Math.max(0, text.length - 1);
      top().last = 1;
      at = end < 0 ? pattern.length : end + 2;
    } else if (char === '\\') {
      const [escaped] = ESCAPE.exec(pattern.slice(at, at + 100)) ?? ['\\'];
      add(/^\\[pP]/.test(escaped) ? UNICODE_CLASS : 1);
      at += escaped.length;
    } else {
      add(1);
      at++;
    }
  }
  return groups.reduce((sum, group) => sum + whole(group), 2);
}

/** An alternative of nothing is a step, too. */
const whole = ({ alternatives, sequence, last }: Group) => alternatives + Math.max(1, sequence + last);

interface Group {
  alternatives: number;
  sequence: number;
  last: number;
}

const REPEAT = /^\{(\d{1,4})(,(\d{0,4}))?\}/;
/** The beginning of a group, with its name or flags. Flags alone open and close it at once. */
const FLAGS = /^\((\?(P?<[^>]{0,256}>|[a-zA-Z^-]{0,20}:))?/;
const ESCAPE = /^\\(?:[pP]\{[^}]{0,80}\}|[pP].|x\{[0-9a-fA-F]{1,8}\}|x[0-9a-fA-F]{2}|[0-7]{1,3}|.)/s;

function repeated(size: number, least: number, most: string | undefined): number {
  if (least > MOST_REPEATS || Number(most ?? 0) > MOST_REPEATS) {
    return size;
  }
  if (most === undefined || most === '') {
    return least * size + (most === '' ? 2 + (least === 0 ? size : 0) : 0);
  }
  return least * size + Math.max(0, Number(most) - least) * (size + 1);
}

/** Finds the end of a class in brackets: a bracket that is first, escaped, or of a name is one of its characters. */
function classEnd(pattern: string, from: number): number {
  let at = from + (pattern[from + 1] === '^' ? 2 : 1);
  for (let first = true; at < pattern.length; first = false) {
    const name = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at) : -1;
    if (pattern[at] === '\\') {
      at += 2;
    } else if (name > 0) {
      at = name + 2;
    } else if (pattern[at] === ']' && !first) {
      return at + 1;
    } else {
      at++;
    }
  }
  return pattern.length;
}
