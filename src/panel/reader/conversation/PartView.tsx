import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { charCount } from '@rolloscope/contract/charCount';
import React from 'react';
import { palette } from '../../../shared/palette';
import type { FoundMedia } from '../../media/findMedia';
import { MediaView } from '../../media/MediaView';
import { RemoteImage } from '../../media/RemoteImage';
import { countText } from '../../text/countText';
import { PlainText, Prose } from '../prose/Prose';
import type { Part, PartKind } from '../transcript/Turn';
import { Fold } from './Fold';

const TITLES: Record<Exclude<PartKind, 'text'>, string> = {
  think: 'Thinking',
  answer: 'Answer',
  call: 'Tool call',
  result: 'Tool result',
  media: 'Media',
};

interface Props {
  part: Part;
  isOpen: boolean;
  onToggle: () => void;
}

/** A part of a turn: plain, or with a heading that says what it is, how long, and whether it was ever closed. */
export function PartView({ part, isOpen, onToggle }: Props) {
  const styles = useStyles2(getStyles);
  const { kind, text, name } = part;
  if (kind === 'text') {
    return text.trim() === '' ? null : <Prose text={trimmed(text)} />;
  }
  const notes = [
    ...(part.found ? [] : [countText(charCount(text), 'character')]),
    ...(part.isClosed ? [] : ['never closed']),
    ...(kind === 'think' && part.open === '' && part.close !== '' ? ['opened by the prompt'] : []),
  ];
  return (
    <Fold
      className={cx(styles.part, kind === 'answer' && styles.answer, kind === 'think' && styles.think)}
      title={`${TITLES[kind]}${name === undefined ? '' : `: ${name}`}`}
      notes={notes.join(' · ')}
      isWarned={!part.isClosed}
      preview={kind === 'think' || kind === 'call' || kind === 'result' ? text : undefined}
      isOpen={isOpen}
      onToggle={onToggle}
    >
      {part.found && <MediaPart found={part.found} />}
      {part.found ? null : kind === 'call' || kind === 'media' ? (
        <PlainText text={trimmed(text)} />
      ) : (
        <Prose text={trimmed(text)} />
      )}
    </Fold>
  );
}

/** Shows what the store keeps of a part, and the address of what it has not. */
function MediaPart({ found }: { found: FoundMedia }) {
  return (
    <>
      {found.media.length > 0 && <MediaView media={found.media} />}
      {found.remote !== undefined && <RemoteImage url={found.remote} />}
    </>
  );
}

/** Lines between a tag and its text separate them, and say nothing themselves. */
const trimmed = (text: string) => text.replace(/^\s*\n/, '').replace(/\s+$/, '');

const getStyles = (theme: GrafanaTheme2) => ({
  part: css({
    margin: theme.spacing(0.5, 0),
    borderLeft: `2px solid ${palette(theme).border.weak}`,
    paddingLeft: theme.spacing(1),
  }),
  think: css({ borderLeftStyle: 'dashed', borderLeftColor: palette(theme).text.secondary }),
  answer: css({ borderLeftColor: palette(theme).success.border }),
});
