import type { Literal } from 'mdast';
import type { CompileContext, Extension as FromMarkdownExtension } from 'mdast-util-from-markdown';
import type { Code, Construct, Effects, Extension, State, Token, TokenizeContext } from 'micromark-util-types';

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    inlineMath: 'inlineMath';
    inlineMathText: 'inlineMathText';
  }
}

/** Mathematics within a line of prose; its value is as it stands, its delimiters included. */
interface InlineMath extends Literal {
  type: 'inlineMath';
}

declare module 'mdast' {
  interface PhrasingContentMap {
    inlineMath: InlineMath;
  }
  interface RootContentMap {
    inlineMath: InlineMath;
  }
}

const DOLLAR = 36;
const BACKSLASH = 92;
const LONGEST = 1_000;

const CLOSERS = new Map<number, number>([
  ['('.charCodeAt(0), ')'.charCodeAt(0)],
  ['['.charCodeAt(0), ']'.charCodeAt(0)],
]);

const BRACKETS: ReadonlySet<number> = new Set([...CLOSERS.keys(), ...CLOSERS.values()]);

const isBlank = (code: Code) => code === null || code < 0 || code === 32;
/** Micromark's own codes for the ends of lines. */
const isLineEnd = (code: number) => code <= -3;
const isDigit = (code: Code) => code !== null && code >= 48 && code <= 57;

/**
 * `\(…\)`, `\[…\]`, `$…$` and `$$…$$` within a paragraph. A dollar opens where no blank follows, and closes where no
 * blank precedes and no digit follows, so that `$5 and $10` are prices.
 */
function tokenizeMath(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
  let closer = 0;
  let dollars = 0;
  let size = 0;
  let previous: Code = null;
  return start;

  function start(code: Code): State | undefined {
    effects.enter('inlineMath');
    effects.enter('inlineMathText');
    effects.consume(code);
    if (code === BACKSLASH) {
      return bracket;
    }
    dollars = 1;
    return afterDollar;
  }
  function bracket(code: Code): State | undefined {
    closer = (code !== null && CLOSERS.get(code)) || 0;
    if (closer === 0) {
      return nok(code);
    }
    effects.consume(code);
    return inside;
  }
  function afterDollar(code: Code): State | undefined {
    if (code === DOLLAR && dollars === 1) {
      dollars = 2;
      effects.consume(code);
      return afterDollar;
    }
    return isBlank(code) || code === DOLLAR ? nok(code) : inside(code);
  }
  function inside(code: Code): State | undefined {
    if (code === null || size > LONGEST) {
      return nok(code);
    }
    size++;
    if (isLineEnd(code)) {
      // The ends of lines are tokens of their own.
      effects.exit('inlineMathText');
      effects.enter('lineEnding');
      effects.consume(code);
      effects.exit('lineEnding');
      effects.enter('inlineMathText');
      previous = code;
      return inside;
    }
    if (dollars > 0 && code === DOLLAR && !(dollars === 1 && isBlank(previous))) {
      effects.consume(code);
      return dollars === 2 ? secondDollar : closed;
    }
    previous = code;
    effects.consume(code);
    return code === BACKSLASH ? escaped : inside;
  }
  function escaped(code: Code): State | undefined {
    if (dollars === 0 && code === closer && size > 1) {
      effects.consume(code);
      return done;
    }
    if (code === null || isLineEnd(code)) {
      return inside(code);
    }
    previous = code;
    size++;
    effects.consume(code);
    return inside;
  }
  function secondDollar(code: Code): State | undefined {
    if (code !== DOLLAR) {
      return inside(code);
    }
    effects.consume(code);
    return done;
  }
  function closed(code: Code): State | undefined {
    return isDigit(code) ? nok(code) : done(code);
  }
  function done(code: Code): State | undefined {
    effects.exit('inlineMathText');
    effects.exit('inlineMath');
    return ok(code);
  }
}

const construct: Construct = { name: 'inlineMath', tokenize: tokenizeMath };

/** Where a bracket opens mathematics that never ends, its backslash stays: Markdown would take it for an escape. */
function tokenizeUnclosed(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
  return (backslash) => {
    effects.enter('data');
    effects.consume(backslash);
    return (bracket) => {
      if (bracket === null || !BRACKETS.has(bracket)) {
        return nok(bracket);
      }
      effects.consume(bracket);
      effects.exit('data');
      return ok;
    };
  };
}

const unclosed: Construct = { name: 'unclosedMath', tokenize: tokenizeUnclosed };

export const mathSyntax: Extension = { text: { [DOLLAR]: construct, [BACKSLASH]: [construct, unclosed] } };

export const mathFromMarkdown: FromMarkdownExtension = {
  enter: {
    inlineMath(this: CompileContext, token: Token) {
      this.enter({ type: 'inlineMath', value: this.sliceSerialize(token) }, token);
    },
  },
  exit: {
    inlineMath(this: CompileContext, token: Token) {
      this.exit(token);
    },
  },
};
