import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useContext, useState } from 'react';
import { palette } from '../../shared/palette';
import { MediaContext } from './MediaContext';

/**
 * An image at an address of the web: a text, since asking for it tells its server who reads what. Where the panel allows
 * it a person may load it, by a button that names the server.
 */
export function RemoteImage({ url }: { url: string }) {
  const styles = useStyles2(getStyles);
  const { offersRemote } = useContext(MediaContext);
  const [state, setState] = useState<'text' | 'shown' | 'broken'>('text');
  return (
    <div className={styles.block}>
      <span className={styles.address}>{url}</span>
      {offersRemote && state === 'text' && (
        <Button size="sm" variant="secondary" icon="cloud-download" onClick={() => setState('shown')}>
          {`Load from ${new URL(url).host}`}
        </Button>
      )}
      {state === 'shown' && (
        <img
          src={url}
          alt={`From ${new URL(url).host}`}
          referrerPolicy="no-referrer"
          crossOrigin="anonymous"
          className={styles.image}
          onError={() => setState('broken')}
        />
      )}
      {state === 'broken' && <span role="note">It could not be loaded.</span>}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  block: css({ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: theme.spacing(0.5) }),
  address: css({ color: palette(theme).text.secondary, overflowWrap: 'anywhere' }),
  image: css({ maxWidth: '100%', maxHeight: 480, objectFit: 'contain' }),
});
