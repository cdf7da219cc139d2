import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../shared/palette';
import { KEYS, type ReaderAction } from './keys';

/** Every key of the reader, `without` those that do nothing here. */
export function KeysHelp({ without }: { without: readonly ReaderAction[] }) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.help} aria-label="Keys">
      <dl className={styles.list}>
        {(Object.keys(KEYS) as ReaderAction[])
          .filter((action) => !without.includes(action))
          .map((action) => (
            <div key={action} className={styles.pair}>
              <dt>
                <kbd className={styles.key}>{KEYS[action][0]}</kbd>
              </dt>
              <dd>{KEYS[action][1]}</dd>
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
