import { css } from '@emotion/css';
import type { DataSourceInstanceSettings, GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { escapeLine } from '../shared/escapeText';
import { type Check, checkStore } from './checkStore';

/** A button, and a line for each look at a store that it takes. */
export function Checks({ store }: { store: DataSourceInstanceSettings }) {
  const styles = useStyles2(getStyles);
  const [checks, setChecks] = useState<Check[] | 'asking'>();
  const look = () => {
    setChecks('asking');
    void checkStore(store).then(setChecks);
  };
  return (
    <>
      <Button
        icon="heart-rate"
        variant="secondary"
        fill="text"
        disabled={checks === 'asking'}
        aria-label={`Look closer at ${escapeLine(store.name)}`}
        onClick={look}
      >
        Look closer
      </Button>
      {Array.isArray(checks) && (
        <ul className={styles.list} aria-label={`What was found of ${escapeLine(store.name)}`}>
          {checks.map(({ isWell, text }) => (
            <li key={text}>
              <Icon
                name={isWell ? 'check-circle' : 'exclamation-triangle'}
                className={isWell ? styles.well : styles.not}
              />{' '}
              <span>{text}</span>
            </li>
          ))}
          <li>
            From where a trainer runs: <code>npx rolloscope-store doctor --url URL</code>
          </li>
        </ul>
      )}
    </>
  );
}

const getStyles = ({ colors, spacing }: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', padding: 0, margin: spacing(1, 0), flexBasis: '100%', overflowWrap: 'anywhere' }),
  well: css({ color: colors.success.text }),
  not: css({ color: colors.warning.text }),
});
