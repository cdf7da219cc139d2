import { css } from '@emotion/css';
import { type GrafanaTheme2, locationUtil } from '@grafana/data';
import { hasPermission, PluginPage } from '@grafana/runtime';
import { Combobox, Field, LinkButton, useStyles2 } from '@grafana/ui';
import { DATASOURCE_ID } from '@rolloscope/contract/names';
import React, { useMemo, useState } from 'react';
import { Dashboards } from './Dashboards';
import { FirstSteps } from './FirstSteps';
import { Store } from './Store';
import { RUN_OVERVIEW } from './shippedDashboards';
import { listStores } from './stores';
import { useDashboards } from './useDashboards';

/** The app's own page: what is connected, the dashboards, and how a first run comes in. */
export function AppPage() {
  const styles = useStyles2(getStyles);
  const stores = useMemo(listStores, []);
  const dashboards = useDashboards();
  const [uid, setUid] = useState(stores[0]?.uid);
  return (
    <PluginPage subTitle="LLM reinforcement-learning runs: what is connected, the dashboards, and how a run comes in.">
      <div className={styles.page}>
        <section aria-labelledby="stores">
          <h2 id="stores">Run stores</h2>
          {stores.length === 0 && <NoStore />}
          <ul className={styles.stores}>
            {stores.map((store) => (
              <Store key={store.uid} store={store} hasOverview={dashboards.present?.has(RUN_OVERVIEW)} />
            ))}
          </ul>
        </section>
        <Dashboards state={dashboards} />
        {stores.length > 1 && (
          <Field label="The store that gets the run" htmlFor="first-steps-store">
            <div className={styles.choice}>
              <Combobox
                id="first-steps-store"
                options={stores.map(({ uid: value, name }) => ({ value, label: name }))}
                value={uid ?? null}
                onChange={({ value }) => setUid(value)}
              />
            </div>
          </Field>
        )}
        <FirstSteps key={uid} store={stores.find((store) => store.uid === uid)} />
      </div>
    </PluginPage>
  );
}

/** Says what to do where no data source of ours is there. */
function NoStore() {
  return hasPermission('datasources:create') ? (
    <>
      <p>
        No run store is connected yet. Start one, <code>npx rolloscope-store serve --port 8900 --data ./runs</code>,
        then add a data source with its URL.
      </p>
      <LinkButton icon="plus" href={locationUtil.assureBaseUrl(`/connections/datasources/${DATASOURCE_ID}`)}>
        Add a data source
      </LinkButton>
    </>
  ) : (
    <p>No run store is connected yet, or none that you may use. An administrator adds a data source of this app.</p>
  );
}

const getStyles = ({ spacing }: GrafanaTheme2) => ({
  page: css({ display: 'grid', gap: spacing(4), maxWidth: 1100, '& > *': { minWidth: 0 } }),
  choice: css({ maxWidth: 400 }),
  stores: css({
    padding: 0,
    margin: 0,
    display: 'grid',
    gap: spacing(2),
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(400px, 100%), 1fr))',
  }),
});
