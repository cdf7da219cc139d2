import { useEffect, useState } from 'react';
import { findDashboards, importDashboard } from './dashboards';
import { shippedDashboards } from './shippedDashboards';

export interface DashboardsState {
  /** Uids; undefined while Grafana is asked. */
  present: ReadonlySet<string> | undefined;
  fault: string | undefined;
  isImporting: boolean;
  importMissing(): void;
}

/** Says which of the app's dashboards are in this Grafana, and imports those that are missing. */
export function useDashboards(): DashboardsState {
  const shipped = shippedDashboards();
  const [present, setPresent] = useState<ReadonlySet<string>>();
  const [fault, setFault] = useState<string>();
  const [isImporting, setImporting] = useState(false);
  const look = () =>
    findDashboards(shipped).then(setPresent, (error: unknown) =>
      setFault(`Grafana does not say which dashboards it has: ${messageOf(error)}`),
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shipped stays the same
  useEffect(() => void look(), []);
  const importMissing = async () => {
    setImporting(true);
    setFault(undefined);
    for (const one of shipped.filter(({ uid }) => !present?.has(uid))) {
      await importDashboard(one).catch((error: unknown) =>
        setFault(`${one.title} could not be imported: ${messageOf(error)}`),
      );
    }
    await look();
    setImporting(false);
  };
  return { present, fault, isImporting, importMissing: () => void importMissing() };
}

/** Returns what Grafana's API says of a failure. */
function messageOf(error: unknown): string {
  const { data, statusText } = (error ?? {}) as { data?: { message?: string }; statusText?: string };
  return data?.message ?? statusText ?? 'it does not answer';
}
