import type { Span } from './Span';
import type { Found } from './words';

/** Words of code, in small letters, and what is seen in them. */
const PLAIN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'Code that ends the program as if all went well': [
      'sys.exit(0)',
      'os._exit(0)',
      'process.exit(0)',
      'system.exit(0)',
    ],
    'Code that skips or replaces tests': [
      'pytest.skip(',
      'pytest.mark.skip',
      'unittest.skip',
      'conftest.py',
      'pytest_runtest',
      'testcase.assertequal =',
    ],
    'Code that replaces what checks it': [
      'verify = lambda',
      'check = lambda',
      'grade = lambda',
      'is_correct = lambda',
      'score = lambda',
      'def __eq__(self, other): return true',
    ],
  }).flatMap(([says, words]) => words.map((word) => [word, says] as const)),
);

/** Words that open a file, and what a file of tests or of answers is called. */
const OPENERS: ReadonlySet<string> = new Set(['open(', 'read_text(', 'cat ', 'readfilesync(', 'import_module(']);
const FILES = ['test_', 'tests/', '_test.', '/test', 'grader', 'answer_key', 'expected_output', 'solutions/'];
const PATH_CHARS = 60;
/** A path, up to where it ends: a cat in a sentence opens nothing. */
const PATH = /^[("'\s]{0,3}[^\s"'),;]{0,60}/;

const EQUALS = '==';
/** So many fixed answers to fixed inputs are more than the base cases of a recursion. */
const MANY_CASES = 4;
const CASE_CHARS = 100;
const LITERAL = /^[\s(]{0,4}(-?\d|["'[{]|true\b|false\b)/;
const ANSWERS = /[\s:{)](?:return|print)[\s(]{1,4}(-?\d|["'[{]|true\b|false\b)/;

export const CASING_WORDS: readonly string[] = [...PLAIN.keys(), ...OPENERS, EQUALS];

/** Code that treats tests or their checks as such. `lower` is the text in small letters, `words` what was found in it. */
export function specialCasing(text: string, lower: string, words: readonly Found[]): Span | undefined {
  for (const { at, word } of words) {
    const says = PLAIN.get(word);
    if (says !== undefined) {
      const end = at + word.length;
      return { start: at, end, says: `${says}: ${text.slice(at, end)}.` };
    }
    const end = OPENERS.has(word) ? endOfTests(lower, at + word.length) : undefined;
    if (end !== undefined) {
      return {
        start: at,
        end,
        says: `Code that reads a file by the name of tests or answers: ${text.slice(at, end)}.`,
      };
    }
  }
  return fixedAnswers(lower, words);
}

/** Finds the end of a path that is called as a file of tests or answers is; undefined for any other. */
function endOfTests(lower: string, from: number): number | undefined {
  const path = PATH.exec(lower.slice(from, from + PATH_CHARS))?.[0] ?? '';
  return FILES.some((file) => path.includes(file)) ? from + path.length : undefined;
}

function fixedAnswers(lower: string, words: readonly Found[]): Span | undefined {
  const equals = words.filter(({ word }) => word === EQUALS);
  if (equals.length < MANY_CASES) {
    return undefined;
  }
  const ends = equals.flatMap(({ at }, i) => {
    const own = lower.slice(at + 2, Math.min(at + 2 + CASE_CHARS, equals[i + 1]?.at ?? lower.length));
    const answer = LITERAL.test(own) ? ANSWERS.exec(own) : null;
    return answer ? [{ at, end: at + 2 + answer.index + answer[0].length }] : [];
  });
  const [first] = ends;
  return first && ends.length >= MANY_CASES
    ? {
        start: Math.max(0, lower.lastIndexOf('\n', first.at) + 1, first.at - PATH_CHARS),
        end: ends.at(-1)?.end ?? first.end,
        says: `Code that gives fixed answers to fixed inputs: ${ends.length} comparisons with a value, each with an answer behind it.`,
      }
    : undefined;
}
