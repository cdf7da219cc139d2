import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { palette } from '../../shared/palette';
import { BreakableText } from '../text/BreakableText';
import { cutText } from '../text/cutText';
import { diffStyles } from './diffStyles';
import type { DiffPart } from './wordDiff';

/** Parts that are drawn at first, and with each request for more. */
const PARTS = 2_000;
/** Characters that stay around a stretch that both texts share; longer ones fold. */
const AROUND = 160;
/** Characters of a single part that are drawn at once. */
const PART_CHARS = 8_000;

interface Props {
  parts: readonly DiffPart[];
  label: string;
}

/** A text with its differences marked by the line below and by colour. It only ever becomes text nodes. */
export function DiffText({ parts, label }: Props) {
  const styles = useStyles2(getStyles);
  const [shown, setShown] = useState(PARTS);
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.text} dir="auto" aria-label={label} tabIndex={0}>
        {parts.slice(0, shown).map((part, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place alone
          <Part key={i} part={part} isFirst={i === 0} isLast={i === parts.length - 1} />
        ))}
      </section>
      {parts.length > shown && (
        <Button size="sm" variant="secondary" onClick={() => setShown(shown + PARTS)}>
          {`Show more (${shown.toLocaleString('en')} of ${parts.length.toLocaleString('en')} parts)`}
        </Button>
      )}
    </div>
  );
}

function Part({ part: { kind, text }, isFirst, isLast }: { part: DiffPart; isFirst: boolean; isLast: boolean }) {
  const styles = useStyles2(diffStyles);
  switch (kind) {
    case 'gone':
      return (
        <del className={styles.gone}>
          <LongText text={text} />
        </del>
      );
    case 'new':
      return (
        <ins className={styles.new}>
          <LongText text={text} />
        </ins>
      );
    case 'same':
      return <SameText text={text} isFirst={isFirst} isLast={isLast} />;
  }
}

function LongText({ text }: { text: string }) {
  const [chars, setChars] = useState(PART_CHARS);
  return (
    <>
      <BreakableText text={cutText(text, chars)} />
      {text.length > chars && (
        <FoldButton
          text={`${(text.length - chars).toLocaleString('en')} more characters`}
          onClick={() => setChars(chars * 2)}
        />
      )}
    </>
  );
}

/** What both texts share folds where it is long: the differences are what one looks for. */
function SameText({ text, isFirst, isLast }: { text: string; isFirst: boolean; isLast: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const before = isFirst ? 0 : AROUND;
  const after = isLast ? 0 : AROUND;
  const folded = text.length - before - after;
  if (isOpen || folded < AROUND) {
    return <LongText text={text} />;
  }
  return (
    <>
      <BreakableText text={cutText(text, before)} />
      <FoldButton text={`${folded.toLocaleString('en')} equal characters`} onClick={() => setOpen(true)} />
      <BreakableText text={text.slice(text.length - after)} />
    </>
  );
}

function FoldButton({ text, onClick }: { text: string; onClick: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <button type="button" className={styles.fold} onClick={onClick}>
      {`… ${text} …`}
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({
    maxHeight: 480,
    overflow: 'auto',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: 1.6,
    padding: theme.spacing(1),
    background: palette(theme).background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  fold: css({
    margin: '0 4px',
    padding: '0 6px',
    border: `1px dashed ${palette(theme).border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: palette(theme).text.secondary,
    fontFamily: theme.typography.fontFamily,
    '&:hover': { background: palette(theme).action.hover },
  }),
});
