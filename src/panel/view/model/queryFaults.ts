import { LoadingState, type PanelData } from '@grafana/data';
import { faultText } from '../../data/faultText';

/** Says what failed in a refresh, by query: `Query A failed: …`; empty where nothing did. */
export function queryFaults(data: PanelData): string[] {
  const errors = data.errors?.length ? data.errors : data.error ? [data.error] : [];
  const faults = errors.map(
    (error) => `${error.refId ? `Query ${error.refId}` : 'The query'} failed: ${faultText(error)}`,
  );
  return faults.length === 0 && data.state === LoadingState.Error ? ['The query failed'] : [...new Set(faults)];
}
