import { css } from '@emotion/css';
import { type DataSourceInstanceSettings, type GrafanaTheme2, locationUtil } from '@grafana/data';
import { hasPermission } from '@grafana/runtime';
import { Badge, Button, Icon, LinkButton, useStyles2 } from '@grafana/ui';
import React from 'react';
import { escapeLine } from '../shared/escapeText';
import { Checks } from './Checks';
import { runAddress } from './dashboards';
import { useStoreState } from './useStoreState';

interface StoreProps {
  store: DataSourceInstanceSettings;
  /** True when the dashboard that shows a run is in this Grafana; undefined while nobody knows. */
  hasOverview: boolean | undefined;
}

/** One data source: what its store says of itself, and the way to its newest run. */
export function Store({ store, hasOverview }: StoreProps) {
  const styles = useStyles2(getStyles);
  const { state, ask } = useStoreState(store);
  const newest = state?.newest;
  return (
    <li className={styles.store}>
      <h3 className={styles.name}>
        {store.name} {store.isDefault && <Badge text="default" color="blue" />}
      </h3>
      <p role="status" className={styles.said}>
        {state === undefined ? (
          'Asking the store…'
        ) : (
          <>
            <Icon
              name={state.isWell ? 'check-circle' : 'exclamation-triangle'}
              className={state.isWell ? styles.well : styles.away}
            />{' '}
            {state.message}
            {state.isWell && !newest && ' There is no run yet: the lines below bring the first one, and it shows here.'}
          </>
        )}
      </p>
      <div className={styles.buttons}>
        {newest && hasOverview && (
          // Grafana's own link buttons decode an address, and an & in a project's name would end it.
          <a className={styles.newest} href={runAddress(newest, store.uid)}>
            Open the newest run, {escapeLine(newest.name)}
          </a>
        )}
        {newest && hasOverview === false && <span>Its newest run opens once the dashboards below are there.</span>}
        {state?.isWell === false && (
          <Button icon="sync" variant="secondary" onClick={ask}>
            Ask again
          </Button>
        )}
        {hasPermission('datasources:write') && (
          <LinkButton
            variant="secondary"
            icon="cog"
            aria-label={`Settings of ${store.name}`}
            href={locationUtil.assureBaseUrl(`/connections/datasources/edit/${store.uid}`)}
          >
            Settings
          </LinkButton>
        )}
        <Checks store={store} />
      </div>
    </li>
  );
}

const getStyles = ({ colors, spacing, shape }: GrafanaTheme2) => ({
  store: css({
    listStyle: 'none',
    padding: spacing(2),
    background: colors.background?.secondary,
    borderRadius: shape.radius.default,
  }),
  name: css({ margin: 0, overflowWrap: 'anywhere', fontSize: 'inherit' }),
  said: css({ margin: spacing(1, 0), overflowWrap: 'anywhere' }),
  well: css({ color: colors.success.text }),
  newest: css({ color: colors.text?.link, textDecoration: 'underline', overflowWrap: 'anywhere' }),
  away: css({ color: colors.warning.text }),
  buttons: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: spacing(1),
    alignItems: 'center',
    '&:empty': { display: 'none' },
  }),
});
