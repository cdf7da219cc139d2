import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { BreakableText } from '../text/BreakableText';
import { cutText } from '../text/cutText';
import { diffStyles } from './diffStyles';
import type { DiffPart } from './wordDiff';

/** Characters of a turn that show at first. */
const SHOWN = 600;
const MORE = 20_000;
const TAGS = { same: 'span', gone: 'del', new: 'ins' } as const;

/** A turn of one of two rollouts, with what the other has not marked. It only ever becomes text nodes. */
export function PairText({ parts }: { parts: readonly DiffPart[] }) {
  const styles = useStyles2(getStyles);
  const marks = useStyles2(diffStyles);
  const [most, setMost] = useState(SHOWN);
  const length = parts.reduce((sum, { text }) => sum + text.length, 0);
  let left = most;
  const shown = parts.flatMap(({ text, kind }) => {
    const cut = cutText(text, Math.max(0, left));
    left -= text.length;
    return cut === '' ? [] : [{ text: cut, kind }];
  });
  return (
    <div className={styles.text} dir="auto">
      {shown.map(({ text, kind }, i) => {
        const Tag = TAGS[kind];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place alone
          <Tag key={i} className={kind === 'same' ? undefined : marks[kind]}>
            <BreakableText text={text} />
          </Tag>
        );
      })}
      {length > most && (
        <Button size="sm" fill="text" onClick={() => setMost(most + MORE)}>
          {`… ${(length - most).toLocaleString('en')} more characters`}
        </Button>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
    fontFamily: theme.typography.fontFamilyMonospace,
    lineHeight: 1.5,
  }),
});
