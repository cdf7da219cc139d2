import type { ElementContent, RootContent } from 'hast';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import latex from 'highlight.js/lib/languages/latex';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import React, { type ReactNode } from 'react';
import { VisibleText } from './VisibleText';

/** The highlighter, with the languages that models write most. */
const lowlight = createLowlight({
  ...{ bash, c, cpp, css, diff, go, java, javascript, json, latex },
  ...{ python, rust, sql, typescript, xml, yaml },
});

/** Code as elements with highlight.js's class names; undefined where the language is none that is known. */
export function highlightCode(text: string, language: string): ReactNode {
  return lowlight.registered(language)
    ? draw(lowlight.highlight(language, text.replace(/\r?\n$/, '')).children)
    : undefined;
}

function draw(nodes: ReadonlyArray<RootContent | ElementContent>): ReactNode {
  return nodes.map((node, i) => {
    if (node.type === 'text') {
      // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of a text never move
      return <VisibleText key={i} text={node.value} />;
    }
    const { className } = node.type === 'element' ? node.properties : {};
    return node.type === 'element' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of a text never move
      <span key={i} className={Array.isArray(className) ? className.join(' ') : undefined}>
        {draw(node.children)}
      </span>
    ) : null;
  });
}
