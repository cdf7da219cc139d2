import { getDataSourceSrv } from '@grafana/runtime';
import { isMetricSource, type MetricSource } from '@rolloscope/contract/frames';
import { useEffect, useState } from 'react';

/** The data source instance that knows the metrics: null where none answers, undefined while it is looked for. */
export function useMetricSource(uid: string | undefined): MetricSource | null | undefined {
  const [found, setFound] = useState<{ uid: string; source: MetricSource | null }>();
  useEffect(() => {
    if (uid === undefined) {
      return undefined;
    }
    let isWanted = true;
    const settle = (source: MetricSource | null) => isWanted && setFound({ uid, source });
    // In a snapshot or a viewer's session the instance may not exist.
    Promise.resolve()
      .then(() => getDataSourceSrv().get({ uid }))
      .then(
        (instance) => settle(isMetricSource(instance) ? instance : null),
        () => settle(null),
      );
    return () => {
      isWanted = false;
    };
  }, [uid]);
  return found?.uid === uid ? found?.source : undefined;
}
