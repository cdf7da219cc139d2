import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../shared/palette';
import { KEYS } from './keys';

/** Every key of the reader. */
export function KeysHelp() {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.help} aria-label="Keys">
      <dl className={styles.list}>
        {Object.values(KEYS).map(([key, what]) => (
          <div key={key} className={styles.pair}>
            <dt>
              <kbd className={styles.key}>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  help: css({
    padding: theme.spacing(1),
    borderRadius: theme.shape.radius.default,
    background: palette(theme).background.secondary,
  }),
  list: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))',
    gap: theme.spacing(0.5, 2),
    margin: 0,
  }),
  pair: css({
    display: 'flex',
    gap: theme.spacing(1),
    alignItems: 'baseline',
    '& dt': { minWidth: 56 },
    '& dd': { margin: 0 },
  }),
  key: css({
    padding: theme.spacing(0, 0.75),
    border: `1px solid ${palette(theme).border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: palette(theme).background.primary,
    color: palette(theme).text.primary,
    fontFamily: theme.typography.fontFamilyMonospace,
    boxShadow: 'none',
  }),
});
