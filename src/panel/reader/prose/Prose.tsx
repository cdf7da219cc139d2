import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { useGrowing } from '../lazy/useGrowing';
import { WindowedText } from '../lazy/WindowedText';
import { PlainPiece, RichBlock } from './RichBlock';
import { type Block, splitBlocks, splitLines } from './splitBlocks';

interface Props {
  text: string;
  className?: string;
}

/** Characters whose markup is drawn from the start where the parser is here: about what shows first. */
const RICH_AT_ONCE = 1_500;

/** Shows what somebody wrote: Markdown, code and mathematics where it holds any. */
export function Prose({ text }: Props) {
  return <WindowedText text={text}>{(shown) => <Blocks text={shown} />}</WindowedText>;
}

/** A text as it stands, whatever it holds. */
export function PlainText({ text, className }: Props) {
  return <WindowedText text={text}>{(shown) => <Pieces text={shown} className={className} />}</WindowedText>;
}

function Blocks({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  const blocks = useMemo(() => splitBlocks(text), [text]);
  const count = useGrowing(blocks.length);
  let before = 0;
  const isFirst = ({ text: inner }: Block) => {
    before += inner.length;
    return before - inner.length < RICH_AT_ONCE;
  };
  return (
    <div className={styles.prose}>
      {blocks.slice(0, count).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text never move
        <RichBlock key={i} block={block} isFirst={isFirst(block)} />
      ))}
    </div>
  );
}

function Pieces({ text, className }: { text: string; className?: string | undefined }) {
  const styles = useStyles2(getStyles);
  const pieces = useMemo(() => splitLines(text), [text]);
  const count = useGrowing(pieces.length);
  return (
    <div className={cx(styles.plain, className)}>
      {pieces.slice(0, count).map((piece, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move
        <PlainPiece key={i} text={piece} />
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  prose: css({ display: 'flow-root', lineHeight: 1.6, overflowWrap: 'anywhere', padding: theme.spacing(0.25, 0) }),
  plain: css({
    overflowWrap: 'anywhere',
    lineHeight: 1.6,
    padding: theme.spacing(0.25, 0),
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
