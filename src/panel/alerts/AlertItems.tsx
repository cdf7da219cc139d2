import { Menu } from '@grafana/ui';
import type { AlertOffer } from '@rolloscope/contract/frames';
import React, { useEffect, useState } from 'react';
import { faultText } from '../data/faultText';
import type { RunAlerts } from './useRunAlerts';

interface Offered {
  offers: readonly AlertOffer[];
  /** The reason why there are none; left out where there are some. */
  why?: string;
}

/** Loads what a run can be watched by; undefined until that is known. */
export function useOffered(alerts: RunAlerts, run: string): Offered | undefined {
  const [offered, setOffered] = useState<Offered>();
  useEffect(() => {
    const abort = new AbortController();
    const settle = (found: Offered) => !abort.signal.aborted && setOffered(found);
    alerts.alertOffers(run, abort.signal).then(
      (offers) => settle({ offers, ...(offers.length === 0 && { why: 'The run has no metrics' }) }),
      (error: unknown) => settle({ offers: [], why: faultText(error) }),
    );
    return () => abort.abort();
  }, [alerts, run]);
  return offered;
}

/** Items of a menu, each of which leads to Grafana's form of a rule. */
export function AlertItems({ offered }: { offered: Offered | undefined }) {
  return (
    <Menu.Group label="Alert on this run">
      {offered?.offers.map(({ title, about, url }) => (
        <Menu.Item key={title} icon="bell" label={title} description={about} url={url} />
      ))}
      {!offered?.offers.length && <Menu.Item label={offered?.why ?? 'Looking for its metrics…'} disabled />}
    </Menu.Group>
  );
}
