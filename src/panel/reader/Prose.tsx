import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { startTransition, useEffect, useMemo, useState } from 'react';
import { RichBlock } from './RichBlock';
import { splitBlocks } from './rich/splitBlocks';
import { VisibleText } from './VisibleText';
import { WindowedText } from './WindowedText';

interface Props {
  text: string;
  /** Shown as it stands, whatever it holds. */
  isPlain?: boolean;
}

/** Blocks drawn at once, and those added in each step after. */
const FIRST_BLOCKS = 40;
const MORE_BLOCKS = 200;
/** Blocks whose markup is drawn from the start where the parser is here: about what shows first. */
const RICH_AT_ONCE = 4;

/** What somebody wrote: Markdown, code and mathematics where it holds any. */
export function Prose({ text, isPlain }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <WindowedText text={text}>
      {(shown) =>
        isPlain ? (
          <div className={styles.plain} dir="auto">
            <VisibleText text={shown} />
          </div>
        ) : (
          <Blocks text={shown} />
        )
      }
    </WindowedText>
  );
}

/** The beginning at once, the rest as soon as that shows. */
function Blocks({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  const blocks = useMemo(() => splitBlocks(text), [text]);
  const [count, setCount] = useState(FIRST_BLOCKS);
  useEffect(() => {
    if (count >= blocks.length) {
      return undefined;
    }
    const timer = window.setTimeout(() => startTransition(() => setCount(count + MORE_BLOCKS)), 20);
    return () => window.clearTimeout(timer);
  }, [count, blocks.length]);
  return (
    <div className={styles.prose}>
      {blocks.slice(0, count).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text never move
        <RichBlock key={i} block={block} isFirst={i < RICH_AT_ONCE} />
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  prose: css({ display: 'flow-root', lineHeight: 1.6, overflowWrap: 'anywhere', padding: theme.spacing(0.25, 0) }),
  plain: css({
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
    lineHeight: 1.6,
    padding: theme.spacing(0.25, 0),
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
