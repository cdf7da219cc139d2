import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Nodes, Table } from 'mdast';
import React, { type ReactNode, useMemo } from 'react';
import { palette } from '../../../shared/palette';
import { CodeBlock } from '../blocks/CodeBlock';
import { Formula } from '../blocks/Formula';
import { VisibleText } from '../blocks/VisibleText';
import { isWithinWord } from './isWithinWord';
import { parseMarkdown } from './parseMarkdown';

/** Deeper than this, a text is shown as it stands. */
const DEEPEST = 24;

/**
 * Markdown as elements: what the syntax tree says becomes elements of a short list, and all text is text nodes. Links
 * lead nowhere and show their address, images are named and never fetched.
 */
export function Markdown({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  const content = useMemo(() => {
    const root = parseMarkdown(text);
    return root ? children(root, { text, styles, depth: 0 }) : <p>{visible(text)}</p>;
  }, [text, styles]);
  return (
    <div className={styles.markdown} dir="auto">
      {content}
    </div>
  );
}

interface Context {
  text: string;
  styles: ReturnType<typeof getStyles>;
  depth: number;
}

const visible = (text: string) => <VisibleText text={text} />;

const source = (node: Nodes, { text }: Context) =>
  visible(text.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? text.length));

function children(parent: Nodes, context: Context): ReactNode {
  if (!('children' in parent)) {
    return null;
  }
  const inner = { ...context, depth: context.depth + 1 };
  return parent.children.map((child, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of a text never move
    <React.Fragment key={i}>{element(child, inner)}</React.Fragment>
  ));
}

function element(node: Nodes, context: Context): ReactNode {
  const { styles, depth } = context;
  if (depth > DEEPEST) {
    return source(node, context);
  }
  switch (node.type) {
    case 'text':
      return visible(node.value);
    case 'paragraph':
      return <p>{children(node, context)}</p>;
    case 'heading':
      // The text's headings are none of the page's.
      return <p className={styles.headings[Math.min(node.depth, 4) - 1]}>{children(node, context)}</p>;
    case 'emphasis':
      return isWithinWord(node, context.text) ? asWritten(node, 1, context) : <em>{children(node, context)}</em>;
    case 'strong':
      return isWithinWord(node, context.text) ? (
        asWritten(node, 2, context)
      ) : (
        <strong>{children(node, context)}</strong>
      );
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'blockquote':
      return <blockquote>{children(node, context)}</blockquote>;
    case 'list':
      return node.ordered ? (
        <ol start={node.start ?? 1}>{children(node, context)}</ol>
      ) : (
        <ul>{children(node, context)}</ul>
      );
    case 'listItem':
      return <li>{children(node, context)}</li>;
    case 'inlineCode':
      return <code className={styles.inlineCode}>{visible(node.value)}</code>;
    case 'code':
      return <CodeBlock text={node.value} language={node.lang?.toLowerCase() ?? undefined} isNear />;
    case 'inlineMath':
      return formula(node.value);
    case 'link':
      return (
        <span className={styles.link}>
          {children(node, context)}
          {isItsAddress(node, node.url) ? null : address(node.url, styles.address)}
        </span>
      );
    case 'image':
      return (
        <span className={styles.link}>
          {visible(`image: ${node.alt ?? ''}`)}
          {address(node.url, styles.address)}
        </span>
      );
    case 'table':
      return table(node, context);
    default:
      return source(node, context);
  }
}

/** The node's text with the signs around it. */
function asWritten(node: Nodes, signs: number, context: Context): ReactNode {
  const { start, end } = node.position ?? {};
  const [from, to] = [start?.offset ?? 0, end?.offset ?? 0];
  return (
    <>
      {context.text.slice(from, from + signs)}
      {children(node, context)}
      {context.text.slice(to - signs, to)}
    </>
  );
}

const address = (url: string, className: string) => <span className={className}> ({visible(url)})</span>;

function isItsAddress(node: Nodes, url: string): boolean {
  const only = 'children' in node && node.children.length === 1 ? node.children[0] : undefined;
  return only?.type === 'text' && only.value === url;
}

function formula(value: string): ReactNode {
  const size = value.startsWith('$') && !value.startsWith('$$') ? 1 : 2;
  const isDisplay = value.startsWith('$$') || value.startsWith('\\[');
  return <Formula source={value} tex={value.slice(size, -size)} isDisplay={isDisplay} isNear />;
}

function table({ children: rows, align }: Table, context: Context): ReactNode {
  const [head, ...body] = rows;
  const row = (cells: Table['children'][number] | undefined, Cell: 'th' | 'td') =>
    cells?.children.map((cell, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the cells of a text never move
      <Cell key={i} style={{ textAlign: align?.[i] ?? 'left' }}>
        {children(cell, context)}
      </Cell>
    ));
  return (
    <table className={context.styles.table}>
      <thead>
        <tr>{row(head, 'th')}</tr>
      </thead>
      <tbody>
        {body.map((cells, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a text never move
          <tr key={i}>{row(cells, 'td')}</tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const heading = (size: number) =>
    css({
      fontSize: `${size}em`,
      fontWeight: theme.typography.fontWeightMedium,
      marginTop: `${theme.spacing(1)} !important`,
    });
  return {
    markdown: css({
      unicodeBidi: 'isolate',
      // The ends of lines that Markdown would join are what the model wrote.
      '& p': { whiteSpace: 'pre-wrap', margin: theme.spacing(0, 0, 1) },
      '& li > p': { margin: 0 },
      '& blockquote p': { fontSize: 'inherit', lineHeight: 'inherit' },
      '& ul, & ol': { margin: theme.spacing(0, 0, 1), paddingLeft: theme.spacing(3) },
      '& blockquote': {
        margin: theme.spacing(0, 0, 1),
        padding: theme.spacing(0, 0, 0, 1.5),
        borderLeft: `3px solid ${palette(theme).border.weak}`,
        color: palette(theme).text.secondary,
        fontSize: 'inherit',
      },
      '& hr': { margin: theme.spacing(1, 0), border: 0, borderTop: `1px solid ${palette(theme).border.weak}` },
    }),
    headings: [1.25, 1.15, 1.07, 1].map(heading),
    inlineCode: css({
      fontSize: '0.92em',
      padding: '0 3px',
      border: 0,
      whiteSpace: 'pre-wrap',
      color: palette(theme).text.primary,
      background: palette(theme).background.secondary,
    }),
    link: css({ textDecoration: 'underline dotted' }),
    address: css({
      color: palette(theme).text.secondary,
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: '0.9em',
      overflowWrap: 'anywhere',
      textDecoration: 'none',
    }),
    table: css({
      margin: theme.spacing(0, 0, 1),
      borderCollapse: 'collapse',
      '& th, & td': { padding: theme.spacing(0.25, 1), border: `1px solid ${palette(theme).border.weak}` },
    }),
  };
};
