import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { MediaRef } from '@rolloscope/contract/types';
import React, { useState } from 'react';
import { palette } from '../../shared/palette';
import { altText, factsText } from './mediaWords';

/** A sound, with the browser's own controls; it is asked for when somebody plays it. */
export function SoundView({ sound, url }: { sound: MediaRef; url: string }) {
  const styles = useStyles2(getStyles);
  const [isBroken, setBroken] = useState(false);
  return (
    <figure className={styles.figure}>
      {/* biome-ignore lint/a11y/useMediaCaption: what was logged has no captions; its words are its label */}
      <audio
        controls
        preload="none"
        src={url}
        aria-label={altText(sound)}
        className={styles.player}
        onError={() => setBroken(true)}
      />
      <figcaption className={styles.faint}>
        {[sound.alt, factsText(sound)].filter(Boolean).join(' · ')}
        {isBroken && (
          <>
            {
              ' · It cannot be played here: it is not in the store any more, or Grafana’s content policy forbids sounds. '
            }
            <a href={url} target="_blank" rel="noopener noreferrer" className={styles.link}>
              Open it by itself
            </a>
          </>
        )}
      </figcaption>
    </figure>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  figure: css({ margin: 0, width: '100%' }),
  player: css({ display: 'block', width: '100%', maxWidth: 480, height: 40 }),
  faint: css({ color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  link: css({ color: palette(theme).text.link, textDecoration: 'underline' }),
});
