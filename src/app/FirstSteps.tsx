import { css } from '@emotion/css';
import type { DataSourceInstanceSettings, DataSourceJsonData } from '@grafana/data';
import { hasPermission } from '@grafana/runtime';
import { Field, Input, RadioButtonGroup } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { CopyableLines } from './CopyableLines';
import { firstSteps } from './firstSteps';
import { read } from './stores';
import { readAddress, type TrainerAddress, trainerAddress } from './trainerAddress';

const narrow = css({ maxWidth: 400 });

interface Addressed extends DataSourceJsonData {
  trainerUrl?: string;
}

/** Shows how a run comes into the store of a data source: lines to copy, with the store's address in them. */
export function FirstSteps({ store }: { store: DataSourceInstanceSettings | undefined }) {
  const known = useAddress(store);
  const [typed, setTyped] = useState<string>();
  const [chosen, setChosen] = useState('wandb');
  const url = readAddress(typed ?? known.url);
  const ways = firstSteps(url ?? known.url);
  const way = ways.find(({ id }) => id === chosen) ?? ways[0];
  return (
    <section aria-labelledby="first-steps">
      <h2 id="first-steps">Bring a run</h2>
      <Field
        label="Address of the store, for trainers"
        description={typed === undefined ? known.note : 'Written by you. Nothing keeps it but this page.'}
        invalid={url === undefined}
        error="An address begins with http:// or https:// and a name."
      >
        <Input
          id="trainer-address"
          className={narrow}
          value={typed ?? known.url}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Field>
      <RadioButtonGroup
        aria-label="How the trainer logs"
        options={ways.map(({ id, label }) => ({ value: id, label }))}
        value={chosen}
        onChange={setChosen}
      />
      {way && (
        <>
          <p>
            {way.about} <code>STORE_TOKEN</code> is the store's <em>write</em> token, which Grafana does not have; a
            store without tokens takes any word.
          </p>
          <CopyableLines name={way.label} lines={way.lines} />
        </>
      )}
    </section>
  );
}

/** Returns what Grafana knows of the address by itself. */
function useAddress(store: DataSourceInstanceSettings<Addressed> | undefined): TrainerAddress {
  const [proxied, setProxied] = useState<string>();
  const uid = store?.uid;
  useEffect(() => {
    setProxied(undefined);
    // Others than administrators are refused, and their browsers would write that down as an error.
    if (uid === undefined || !hasPermission('datasources:read')) {
      return;
    }
    let isWanted = true;
    read<{ url?: string }>(`/api/datasources/uid/${encodeURIComponent(uid)}`).then(
      ({ url }) => isWanted && setProxied(url),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [uid]);
  return trainerAddress({ given: store?.jsonData.trainerUrl, proxied });
}
