import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { hasPermission } from '@grafana/runtime';
import { Alert, Button, TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';
import { dashboardAddress } from './dashboards';
import { shippedDashboards } from './shippedDashboards';
import type { DashboardsState } from './useDashboards';

/** The app's dashboards: a link to each that is in this Grafana, and a button that brings those that are not. */
export function Dashboards({ state }: { state: DashboardsState }) {
  const styles = useStyles2(getStyles);
  const shipped = shippedDashboards();
  const { present, fault, isImporting, importMissing } = state;
  const missing = present ? shipped.filter(({ uid }) => !present.has(uid)) : [];
  return (
    <section aria-labelledby="dashboards">
      <h2 id="dashboards">Dashboards</h2>
      {fault && <Alert severity="error" title={fault} />}
      {missing.length > 0 &&
        (hasPermission('dashboards:create') ? (
          <Button icon="import" disabled={isImporting} onClick={importMissing}>
            {isImporting
              ? 'Importing…'
              : `Import ${missing.length === 1 ? missing[0]?.title : `${missing.length} dashboards`}`}
          </Button>
        ) : (
          <p>Some of them are not in this Grafana yet; whoever may create dashboards imports them on this page.</p>
        ))}
      <ul className={styles.list}>
        {shipped.map(({ uid, title, description }) => (
          <li key={uid}>
            {present?.has(uid) ? (
              <TextLink href={dashboardAddress(uid)}>{title}</TextLink>
            ) : (
              <span>
                {title}
                {present && ' (not imported)'}
              </span>
            )}
            <div className={styles.about}>{description}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}

const getStyles = ({ colors, spacing }: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    padding: 0,
    margin: spacing(2, 0),
    display: 'grid',
    gap: spacing(2),
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(300px, 100%), 1fr))',
  }),
  about: css({ color: colors.text?.secondary }),
});
