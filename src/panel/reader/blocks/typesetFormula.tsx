import { createElement, type ReactElement, type ReactNode } from 'react';
import temml from 'temml';

/** A node of the tree that Temml builds: an element of MathML, or a text. */
interface MathNode {
  type?: string;
  text?: string;
  attributes?: Record<string, unknown>;
  style?: Record<string, unknown>;
  children?: MathNode[];
}

const LONGEST = 4_000;
/** Deeper formulas, and those with more elements, take a browser long to lay out. */
const DEEPEST = 60;
const MOST_ELEMENTS = 3_000;
const ELEMENTS = new Set(
  'math mrow mi mn mo mtext ms mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle mpadded mphantom menclose mmultiscripts mprescripts'.split(
    ' ',
  ),
);
const ATTRIBUTES: Record<string, string> = Object.fromEntries(
  'accent accentunder columnalign columnlines columnspacing columnspan depth display displaystyle fence form height largeop linethickness lspace mathbackground mathcolor mathvariant maxsize minsize movablelimits notation rowlines rowspacing rowspan rspace scriptlevel separator stretchy symmetric voffset width'
    .split(' ')
    .map((name) => [name, name]),
);
/** The properties that a formula may style, and their values: lengths, colours and words, nothing that fetches. */
const STYLES =
  /^(?:color|background-?[cC]olor|font-?(?:Weight|weight|Style|style|Size|size)|padding(?:-?\w+)?|margin(?:-?\w+)?|border(?:-?\w+){0,2}|text-?[aA]lign|vertical-?[aA]lign|width|height|math-?(?:Depth|depth|Style|style))$/;
const STYLE_VALUE = /^[\w\s.#%-]{1,60}$/;

class Refused extends Error {}

/**
 * LaTeX as MathML elements, or undefined where it is none, or too large. Only elements and attributes of a fixed list
 * are made, whatever commands the formula holds.
 */
export function typesetFormula(tex: string, isDisplay: boolean): ReactElement | undefined {
  if (tex.length > LONGEST || tex.trim() === '') {
    return undefined;
  }
  try {
    const tree: MathNode = temml.__renderToMathMLTree(tex, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      maxExpand: 200,
      maxSize: [10, 20],
    });
    let count = 0;
    const draw = (node: MathNode, depth: number, key: number): ReactNode => {
      if (depth > DEEPEST || ++count > MOST_ELEMENTS) {
        throw new Refused();
      }
      if (node.text !== undefined) {
        return node.text;
      }
      const inner = (node.children ?? []).map((child, i) => draw(child, depth + 1, i));
      return node.type !== undefined && ELEMENTS.has(node.type)
        ? createElement(node.type, { ...attributesOf(node), key }, ...inner)
        : createElement('mrow', { key }, ...inner);
    };
    const drawn = draw(tree, 0, 0);
    return typeof drawn === 'object' && drawn !== null && 'props' in drawn ? drawn : undefined;
  } catch {
    // It is no LaTeX, or more than a browser should draw, and shown as it was written.
    return undefined;
  }
}

function attributesOf({ attributes = {}, style = {} }: MathNode): Record<string, unknown> {
  const kept = Object.entries(attributes).flatMap(([name, value]) =>
    Object.hasOwn(ATTRIBUTES, name) && typeof value !== 'object' ? [[name, String(value)]] : [],
  );
  const styles = Object.entries(style).flatMap(([name, value]) =>
    STYLES.test(name) && STYLE_VALUE.test(String(value)) ? [[camel(name), value]] : [],
  );
  return { ...Object.fromEntries(kept), style: Object.fromEntries(styles) };
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
