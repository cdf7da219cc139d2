import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import { isImage, isMediaRef, type Media } from '@rolloscope/contract/mediaCell';
import React, { useContext, useState } from 'react';
import { palette } from '../../shared/palette';
import { formatCount } from '../text/formatCount';
import { ImageView } from './ImageView';
import { MediaContext } from './MediaContext';
import { altText, NO_SOURCE } from './mediaWords';
import { SoundView } from './SoundView';

/** Images and sounds that are drawn at once. */
const AT_ONCE = 12;

/** Images and sounds, whole, one below the other. */
export function MediaView({ media }: { media: readonly Media[] }) {
  const styles = useStyles2(getStyles);
  const [most, setMost] = useState(AT_ONCE);
  return (
    <div className={styles.list}>
      {media.slice(0, most).map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one cell may hold the same twice
        <One key={`${i} ${one.media}`} one={one} />
      ))}
      {media.length > most && (
        <Button size="sm" variant="secondary" onClick={() => setMost(most + AT_ONCE)}>
          {`Show more (${formatCount(most)} of ${formatCount(media.length)})`}
        </Button>
      )}
    </div>
  );
}

function One({ one }: { one: Media }) {
  const styles = useStyles2(getStyles);
  const { urlOf } = useContext(MediaContext);
  const url = isMediaRef(one) ? urlOf(one) : undefined;
  if (!isMediaRef(one) || url === undefined) {
    return (
      <p role="note" className={styles.note}>
        {isMediaRef(one) ? `${altText(one)}. ${NO_SOURCE}` : `The store did not keep it: it ${one.why}`}
      </p>
    );
  }
  return isImage(one) ? <ImageView image={one} url={url} /> : <SoundView sound={one} url={url} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: theme.spacing(1), minWidth: 0 }),
  note: css({ margin: 0, color: palette(theme).text.secondary, overflowWrap: 'anywhere' }),
});
